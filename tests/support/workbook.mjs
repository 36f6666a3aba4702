// The first sheet of an Excel workbook as it stands in the file: texts, types of cells, merged ranges.
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

// The parts of a zip archive by name, through its central directory.
function unzip(path) {
  const bytes = readFileSync(path);
  let at = bytes.readUInt32LE(bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 16);
  const parts = new Map();
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [method, size, nameLen, extraLen, noteLen] =
      [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), ...[28, 30, 32].map((off) => bytes.readUInt16LE(at + off))];
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + size);
    parts.set(bytes.toString('utf8', at + 46, at + 46 + nameLen), () => (method === 8 ? inflateRawSync(packed) : packed).toString('utf8'));
    at += 46 + nameLen + extraLen + noteLen;
  }
  return parts;
}

const plain = (xml) => xml.replace(/&(lt|gt|amp|quot|apos);/g, (_, name) => ({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" })[name]);
const columnOf = (ref) => [...ref.replace(/\d+/, '')].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

// { rows: Map(row number -> [{ text, number: is it a cell of type number }]), merges: [{ column, first, last }] }
export function readWorkbook(path) {
  const parts = unzip(path);
  const texts = [...parts.get('xl/sharedStrings.xml')().matchAll(/<si>(.*?)<\/si>/gs)]
    .map(([, xml]) => plain([...xml.matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map(([, text]) => text).join('')));
  const sheet = parts.get('xl/worksheets/sheet1.xml')();
  const rows = new Map();
  for (const [, number, xml] of sheet.matchAll(/<row r="(\d+)"[^>]*>(.*?)<\/row>/gs)) {
    const cells = [];
    for (const [, ref, attributes, value] of xml.matchAll(/<c r="([A-Z]+\d+)"([^>]*?)(?:\/>|><v>(.*?)<\/v><\/c>)/gs))
      if (value !== undefined)
        cells[columnOf(ref)] = / t="s"/.test(attributes) ? { text: texts[Number(value)], number: false } : { text: value, number: true };
    rows.set(Number(number), cells);
  }
  const merges = [...sheet.matchAll(/<mergeCell ref="([A-Z]+)(\d+):[A-Z]+(\d+)"/g)]
    .map(([, column, first, last]) => ({ column: columnOf(column), first: Number(first), last: Number(last) }));
  return { rows, merges };
}
