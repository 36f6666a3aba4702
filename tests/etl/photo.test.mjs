// Photos of tickets: found beside the file, checked, stripped, stored once, accounted for.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync,
  writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startDistrict } from '../support/district.mjs';
import { exifOf, jpegOf, pngOf } from '../support/photo.mjs';

const root = mkdtempSync(join(tmpdir(), 'mqt-photo-'));
const dir = join(root, 'delivery');
const photos = join(dir, '照片');
let district;
let store;

before(async () => {
  district = await startDistrict({ server: false });
  store = join(district.runDir, 'photos');
  mkdirSync(photos, { recursive: true });
});
after(async () => {
  await district?.stop();
  rmSync(root, { recursive: true, force: true });
});

// A file of tickets, one for each cell of photos, loaded under the file's own name.
async function load(name, cells, options = []) {
  const rows = cells.map((cell, i) => `T-${i + 1},2026-11-20 08:00,道路设施,路面破损,116.30,39.83,${cell}`);
  writeFileSync(join(dir, name), `工单编号,诉求时间,诉求类别,诉求内容,经度,纬度,照片\n${rows.join('\n')}\n`);
  const result = await district.etl(['load', join(dir, name), '--kind', 'ticket', ...options]);
  assert.equal(result.code, 0, result.stderr);
  const message = await district.psql(
    `select coalesce(message, '') from etl.run where file = '${name}' order by id desc limit 1`);
  return { ...result, message };
}

const rowsOf = (source) => district.psql(`select t.number, p.position, p.stage, encode(p.sha256, 'hex'), p.format, p.bytes,
  p.width, p.height, p.orientation from ticket.photo p join ticket.ticket t on t.id = p.ticket_id
  where t.source = '${source}' order by t.number, p.position`);

const stored = (hash, suffix = 'jpg') => join(store, hash.slice(0, 2), `${hash}.${suffix}`);

test('a photo is stored once, without EXIF, and its rows say what it is', async () => {
  const [plain, tagged] = [jpegOf(), jpegOf({ exif: exifOf({ orientation: 6, lon: 116.3 }), comment: 'Zhang San', trailer: 'motion' })];
  writeFileSync(join(photos, '破损_处理前.jpg'), tagged);
  writeFileSync(join(photos, '破损_处理后.png'), pngOf({ text: 'taken at home' }));
  const { message } = await load('甲.csv', ['破损_处理前.jpg;破损_处理后.png', '照片/破损_处理前.jpg', '']);
  assert.match(message, /tickets name 3 photos: 3 written, 0 removed, 2 pictures new in the store/);
  const rows = (await rowsOf('甲')).split('\n').map((line) => line.split('|'));
  assert.deepEqual(rows.map(([ticket, position, stage, , format]) => [ticket, position, stage, format]),
    [['T-1', '1', 'before', 'jpeg'], ['T-1', '2', 'after', 'png'], ['T-2', '1', 'before', 'jpeg']]);
  assert.deepEqual(rows[0].slice(6), ['16', '8', '6']);
  assert.equal(rows[0][3], rows[2][3]);

  const kept = readFileSync(stored(rows[0][3]));
  assert.equal(createHash('sha256').update(kept).digest('hex'), rows[0][3]);
  assert.equal(Number(rows[0][5]), kept.length);
  assert.deepEqual(kept, plain, 'the same picture without EXIF, comment and what followed it');
  for (const secret of ['Exif', 'GPS', 'Zhang San', 'motion'])
    assert.ok(!kept.includes(secret), secret);
  assert.ok(!readFileSync(stored(rows[1][3], 'png')).includes('taken at home'));
  assert.equal(statSync(stored(rows[0][3])).mode & 0o777, 0o640);
  assert.equal(statSync(store).mode & 0o777, 0o750);
});

test('the same delivery again changes nothing; a photo that leaves a cell leaves the ticket', async () => {
  const earlier = await rowsOf('甲');
  const again = await load('甲.csv', ['破损_处理前.jpg;破损_处理后.png', '照片/破损_处理前.jpg', '']);
  assert.match(again.stdout, /inserted=0 updated=0 unchanged=3/);
  assert.match(again.message, /3 photos: 0 written, 0 removed, 0 pictures new/);
  assert.equal(await rowsOf('甲'), earlier);
  const fewer = await load('甲.csv', ['破损_处理前.jpg', '破损_处理前.jpg', '']);
  assert.match(fewer.message, /2 photos: 0 written, 1 removed/);
  assert.equal(await district.psql(`select count(*) from ticket.photo`), '2');
});

test('a picture that is missing in a later delivery stays with its ticket', async () => {
  writeFileSync(join(photos, '暂存.jpg'), jpegOf({ shade: 3 }));
  await load('留.csv', ['暂存.jpg']);
  const earlier = await rowsOf('留');
  rmSync(join(photos, '暂存.jpg'));
  const later = await load('留.csv', ['暂存.jpg']);
  assert.match(later.message, /photo 暂存\.jpg: there is no such file/);
  assert.equal(await rowsOf('留'), earlier);
});

test('what is no photo is a warning that names it, and the ticket is loaded all the same', async () => {
  const outside = join(root, 'outside.jpg');
  writeFileSync(outside, jpegOf({ shade: 7 }));
  writeFileSync(join(photos, '文字.jpg'), 'this is text');
  writeFileSync(join(photos, '空.jpg'), '');
  writeFileSync(join(photos, '断.jpg'), jpegOf().subarray(0, -40));
  writeFileSync(join(photos, '大.jpg'), jpegOf());
  truncateSync(join(photos, '大.jpg'), (20 << 20) + 1);
  symlinkSync(outside, join(photos, '链接.jpg'));
  symlinkSync(root, join(photos, '夹'));
  mkdirSync(join(photos, '目录.jpg'));
  const cells = {
    '../outside.jpg': /leads out of the folder/,
    '照片/../../outside.jpg': /leads out of the folder/,
    [outside]: /leads out of the folder/,
    '..\\outside.jpg': /leads out of the folder/,
    '链接.jpg': /a link on the way/,
    '夹/outside.jpg': /a link on the way/,
    '文字.jpg': /neither a JPEG nor a PNG/,
    '空.jpg': /is empty/,
    '断.jpg': /cut off/,
    '大.jpg': /larger than 20 MB/,
  };
  const { stdout, message } = await load('坏.csv', Object.keys(cells));
  assert.match(stdout, /read=10 inserted=10/);
  const notes = message.split('; ').filter((note) => note.startsWith('photo '));
  assert.equal(notes.length, 10);
  Object.values(cells).forEach((reason, i) => assert.match(notes[i], reason));
  const more = await load('坏2.csv', [...Object.keys(cells), '目录.jpg', '没有.jpg']);
  assert.match(more.message, /2 more photos are missing or broken/);
  assert.equal(await rowsOf('坏') + await rowsOf('坏2'), '');
  const hash = createHash('sha256').update(readFileSync(outside)).digest('hex');
  assert.ok(!existsSync(stored(hash)), 'nothing from outside the folder');
});

test('check reads the photos and stores none', async () => {
  writeFileSync(join(photos, '新.jpg'), jpegOf({ shade: 9 }));
  const count = () => readdirSync(store, { recursive: true }).length;
  const earlier = count();
  writeFileSync(join(dir, '查.csv'), '工单编号,诉求时间,照片\nT-1,2026-11-20 08:00,新.jpg;没有.jpg\n');
  const result = await district.etl(['check', join(dir, '查.csv'), '--kind', 'ticket'], { env: { MQT_DATABASE_URL: '' } });
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stdout + result.stderr, /photo 没有\.jpg: there is no such file/);
  assert.equal(count(), earlier);
});

test('a store that cannot be written ends the run, and nothing is published', async () => {
  writeFileSync(join(root, 'file'), '');
  writeFileSync(join(dir, '满.csv'), '工单编号,诉求时间,照片\nT-1,2026-11-20 08:00,新.jpg\n');
  const result = await district.etl(['load', join(dir, '满.csv'), '--kind', 'ticket'],
    { env: { MQT_PHOTO_DIR: join(root, 'file', 'photos') } });
  assert.equal(result.code, 1);
  assert.match(result.stderr, /photo directory .* cannot be made/);
  assert.equal(await district.psql(`select count(*) from ticket.ticket where source = '满'`), '0');
});

// The sample's own photos: the files, what truth.json says of them, and what a load makes of them.
test('photos of the sample are those of truth.json, the same for the same seed, and all are loaded', async () => {
  const sample = (name, seed) => district.etl(['sample', '--scale', 'community', '--seed', seed, '--until', '2026-11-22T16:00',
    '--out', join(root, name)]);
  for (const [name, seed] of [['one', '1'], ['same', '1'], ['other', '2']])
    assert.equal((await sample(name, seed)).code, 0);
  const facts = JSON.parse(readFileSync(join(root, 'one', 'truth.json'))).files['民情诉求.csv'];
  const rows = readFileSync(join(root, 'one', '民情诉求.csv'), 'utf8').trimEnd().split('\r\n').slice(1)
    .map((line) => line.split(','));
  const cells = rows.map((row) => row.at(-1)).filter((cell) => cell !== '');
  const names = cells.flatMap((cell) => cell.split(';'));
  const files = readdirSync(join(root, 'one', '照片'));
  assert.deepEqual([cells.length, names.length, names.filter((name) => name.includes('后')).length, files.length],
    [facts.with_photo, facts.photos, facts.after_photos, facts.photo_files]);
  assert.deepEqual(new Set(names), new Set(files));
  assert.ok(files.length > 100 && files.length <= 150, `${files.length} files`);
  const bytes = (dir, name) => readFileSync(join(root, dir, '照片', name));
  for (const name of files) {
    assert.ok(bytes('one', name).equals(bytes('same', name)), name);
    assert.ok(bytes('one', name).length < 60_000, name);
  }
  const shared = files.filter((name) => existsSync(join(root, 'other', '照片', name)));
  assert.ok(shared.length > 50 && shared.every((name) => !bytes('one', name).equals(bytes('other', name))));
  assert.equal(new Set(files.map((name) => createHash('sha256').update(bytes('one', name)).digest('hex'))).size, files.length);

  const file = join(root, 'one', '民情诉求.csv');
  const load = () => district.etl(['load', file, '--kind', 'ticket']);
  const first = await load();
  assert.equal(first.code, 0, first.stderr);
  assert.doesNotMatch(first.stderr, /photo .*: /);
  // A row that is loaded brings all its photos; of one that stands twice they count once.
  const wanted = new Map(rows.map((row) => [row[0], row.at(-1) === '' ? 0 : row.at(-1).split(';').length]));
  const loaded = (await district.psql(`select t.number, count(p.ticket_id) from ticket.ticket t
    left join ticket.photo p on p.ticket_id = t.id where t.source = '民情诉求' group by 1`)).split('\n').map((line) => line.split('|'));
  assert.ok(loaded.length > 5800);
  let compared = 0;
  for (const [number, count] of loaded) {
    if (!wanted.has(number)) continue; // its number was written in full width
    assert.equal(Number(count), wanted.get(number), number);
    compared++;
  }
  assert.ok(compared > loaded.length * 0.98);
  const before = await district.psql('select count(*), md5(string_agg(p::text, \',\' order by ticket_id, position)) from ticket.photo p');
  const again = await load();
  assert.match(again.stdout, /inserted=0 updated=0 unchanged=/);
  assert.equal(await district.psql('select count(*), md5(string_agg(p::text, \',\' order by ticket_id, position)) from ticket.photo p'), before);
});

test('mqt_web sees no photo', async () => {
  await assert.rejects(district.psql('select * from ticket.photo', 'web'), /permission denied/);
});
