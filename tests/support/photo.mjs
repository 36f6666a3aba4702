// Small pictures made by hand, so that a test knows every byte of them.
import * as zlib from 'node:zlib';

const be16 = (n) => [n >> 8 & 255, n & 255];
const be32 = (n) => [n >>> 24, n >> 16 & 255, n >> 8 & 255, n & 255];
const segment = (marker, body) => Buffer.from([0xff, marker, ...be16(body.length + 2), ...body]);

// An EXIF block with an orientation and a place, little endian.
export function exifOf({ orientation = 1, lon = 0 } = {}) {
  const le16 = (n) => [n & 255, n >> 8];
  const le32 = (n) => [n & 255, n >> 8 & 255, n >> 16 & 255, n >>> 24];
  const entries = [[0x112, 3, 1, [...le16(orientation), 0, 0]], [0x8825, 4, 1, le32(38)]];
  return Buffer.from([...Buffer.from('Exif\0\0'), ...Buffer.from('II*\0'), ...le32(8), ...le16(entries.length),
    ...entries.flatMap(([tag, type, count, value]) => [...le16(tag), ...le16(type), ...le32(count), ...value]),
    ...le32(0), ...Buffer.from(`GPS ${lon}`)]);
}

// A grey baseline JPEG of 16 x 8 pixels: two blocks that differ from grey by `shade`.
export function jpegOf({ exif, comment, trailer, shade = 0 } = {}) {
  const parts = [Buffer.from([0xff, 0xd8]),
    segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0])];
  if (exif)
    parts.push(segment(0xe1, exif));
  if (comment)
    parts.push(segment(0xfe, Buffer.from(comment)));
  parts.push(segment(0xdb, [0, ...Array(64).fill(16)]), segment(0xc0, [8, ...be16(8), ...be16(16), 1, 1, 0x11, 0]),
    // One code each: DC size 0 to 3 as 00 01 10 110, AC end of block as 0.
    segment(0xc4, [0x00, 0, 3, 1, ...Array(13).fill(0), 0, 1, 2, 3]),
    segment(0xc4, [0x10, 1, 0, ...Array(14).fill(0), 0]),
    segment(0xda, [1, 1, 0, 0, 63, 0]), Buffer.from(scanOf(shade)), Buffer.from([0xff, 0xd9]));
  if (trailer)
    parts.push(Buffer.from(trailer));
  return Buffer.concat(parts);
}

// Two blocks: a DC difference of 0 or of 4 to 7, nothing else; then padding. 0xff is followed by 0, and the long run makes
// room for a test that cuts the file.
function scanOf(shade) {
  const first = shade ? '110' + (4 + shade % 4).toString(2) : '00';
  const bits = (first + '0' + '00' + '0').padEnd(16, '1');
  const bytes = bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2));
  return bytes.flatMap((byte) => byte === 255 ? [255, 0] : [byte]).concat(Array(60).fill(0x55 + shade));
}

const chunk = (type, body) => {
  const typed = Buffer.concat([Buffer.from(type), body]);
  return Buffer.concat([Buffer.from(be32(body.length)), typed, Buffer.from(be32(crc32(typed)))]);
};

function crc32(bytes) {
  if (zlib.crc32)
    return zlib.crc32(bytes);
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc >>> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

// A grey PNG of 2 x 2 pixels.
export function pngOf({ text } = {}) {
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.from([...be32(2), ...be32(2), 8, 0, 0, 0, 0])),
    ...(text ? [chunk('tEXt', Buffer.from(`Comment\0${text}`))] : []),
    chunk('IDAT', zlib.deflateSync(Buffer.from([0, 1, 2, 0, 3, 4]))), chunk('IEND', Buffer.alloc(0))]);
}
