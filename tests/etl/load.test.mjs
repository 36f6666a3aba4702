// mqt-etl load, check, runs and rejects on files that the test writes, into a real database.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { run, startDistrict } from '../support/district.mjs';

const dir = mkdtempSync(join(tmpdir(), 'mqt-load-'));
let district;

before(async () => {
  district = await startDistrict({ server: false });
  const made = await run(join(district.build, 'mqt-etl'), ['sample', '--seed', '7', '--until', '2026-11-22T16:00', '--out', join(dir, 'sample')]);
  assert.equal(made.code, 0, made.stderr);
});
after(async () => {
  await district?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const file = (name, content) => {
  writeFileSync(join(dir, name), content);
  return name;
};
const load = (...args) => district.load(args, { cwd: dir });
const etl = (...args) => district.etl(args, { cwd: dir });
const lines = (text) => (text === '' ? [] : text.split('\n'));
const rejects = async (runId) =>
  lines(await district.psql(`select file_row, reason_code, coalesce(field, '') from etl.reject where run_id = ${runId} order by 1`));

// Every row went exactly one way.
function balances(counts) {
  const { inserted, updated, unchanged, merged, quarantined, skipped, rejected } = counts;
  assert.equal(counts.read, inserted + updated + unchanged + merged + quarantined + skipped + rejected);
}
function counted(counts, wanted) {
  balances(counts);
  const all = { inserted: 0, updated: 0, unchanged: 0, merged: 0, quarantined: 0, skipped: 0, rejected: 0, ...wanted };
  for (const [name, count] of Object.entries(all)) assert.equal(counts[name], count, `${name} in ${JSON.stringify(counts)}`);
}

const square = (lon, lat, size = 0.0002) => ({
  type: 'Polygon',
  coordinates: [[[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]],
});
const collection = (features) => JSON.stringify({
  type: 'FeatureCollection',
  features: features.map(([properties, geometry]) => ({ type: 'Feature', properties, geometry })),
});

test('bad files: exit 1, one line, nothing half loaded, the failure on record', async () => {
  const sample = join(dir, 'sample');
  for (const part of ['shp', 'shx', 'dbf', 'prj']) copyFileSync(join(sample, `楼栋.${part}`), join(dir, `cut.${part}`));
  truncateSync(join(dir, 'cut.shp'), 30000);
  for (const part of ['shp', 'shx', 'dbf', 'prj']) copyFileSync(join(sample, `楼栋.${part}`), join(dir, `cutdbf.${part}`));
  truncateSync(join(dir, 'cutdbf.dbf'), 9000);
  copyFileSync(join(sample, '户籍登记.xlsx'), join(dir, 'cut.xlsx'));
  truncateSync(join(dir, 'cut.xlsx'), 500000);
  const vrt = '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>';
  file('vrt.csv', vrt);
  file('vrt.geojson', vrt);
  file('word.xlsx', 'not a workbook');
  file('zip.xlsx', 'PK\x03\x04 rubbish');
  file('empty.csv', '');
  file('open.csv', '名称,类别,经度,纬度\n' + '甲,食堂,116.3,39.8\n'.repeat(3000) + '乙,"食堂,116.3,39.8\n');
  file('cut.geojson', collection([[{ height: 3 }, square(116, 39)]]).slice(0, -20));
  const before = await district.psql('select (select count(*) from twin.building), (select count(*) from twin.facility), (select count(*) from etl.reject)');
  for (const [name, kind] of [['missing.shp', 'building'], ['cut.shp', 'building'], ['cutdbf.shp', 'building'],
    ['cut.xlsx', 'household'], ['vrt.csv', 'facility'], ['vrt.geojson', 'building'], ['word.xlsx', 'household'],
    ['zip.xlsx', 'household'], ['empty.csv', 'facility'], ['open.csv', 'facility'], ['cut.geojson', 'building']]) {
    const result = await etl('load', name, '--kind', kind);
    assert.equal(result.code, 1, `${name}: ${result.stderr}`);
    assert.equal(result.stdout, '', name);
    assert.equal(lines(result.stderr.trimEnd()).filter((line) => line.startsWith('mqt-etl:')).length, 1, result.stderr);
    const [status, message] = (await district.psql(`select status, message from etl.run where file = '${name}'`)).split('|');
    assert.equal(status, 'failed', name);
    assert.ok(result.stderr.includes(message), name);
  }
  assert.equal(await district.psql('select (select count(*) from twin.building), (select count(*) from twin.facility), (select count(*) from etl.reject)'), before);
});

test('questions: exit 2 with the options, and no run', async () => {
  file('what.geojson', collection([[{ a: 1 }, square(116, 39)]]));
  file('metres.csv', '名称,类别,X,Y\n甲,食堂,39440076.06,4410887.89\n');
  const rows = [
    [['what.geojson'], /--kind/],
    [['what.geojson', '--kind', 'house'], /area, building/],
    [['metres.csv', '--kind', 'facility'], /--crs EPSG:4527/],
    [['what.geojson', '--kind', 'layer', '--layer', 'Not Good'], /--layer ID/],
    [['what.geojson', '--layer', 'building'], /own/],
    [['what.geojson', '--layer', 'x', '--crs', 'EPSG:1'], /EPSG:n/],
    [['what.geojson', '--layer', 'x', '--table', 'nix'], /has no table/],
    [['what.geojson', '--layer', 'x', '--time-zone', 'Mars/Olympus'], /time zone/],
    [['metres.csv', '--kind', 'facility', '--where', 'x = 1'], /not for text tables/],
    [['/vsicurl/http://127.0.0.1:1/x.csv'], /local/],
    [['x.docx'], /no such file|ending/],
    [[], /takes one file/],
    [['--nonsense'], /nonsense/],
  ];
  for (const [args, wanted] of rows) {
    const result = await etl('load', ...args);
    assert.match(result.stderr, wanted, args.join(' '));
    assert.equal(result.code, args[0] === 'x.docx' ? 1 : 2, args.join(' '));
  }
  const asked = await run(join(district.build, 'mqt-etl'), ['load', '--help']);
  assert.equal(asked.code, 0);
  assert.match(asked.stdout, /--where/);
});

test('a dirty facility table: each row goes one way', async () => {
  const name = file('设施台账.csv', [
    '怡海社区公共设施台账,,,,,', '填报：2026-11,,,,,',
    '设施名称,设施类型,地址,经度,纬度,联系电话',
    '一号食堂,社区食堂,怡海路1号,116.3001,39.8301,010-62345678',
    '一号食堂,社区食堂,怡海路1号,116.3001,39.8301,010-62345678',
    '二号食堂,食堂,怡海路2号,39.83,116.30,', '小学,小学,,,,', '药店,药店,,abc,39.83,', '零点,超市,,0,0,',
    '驿站,快递,怡海路9号,"116°18′0″","39°49′48″",', '合计,7,,,,',
  ].join('\r\n'));
  const counts = await load(name);
  counted(counts, { inserted: 2, merged: 1, skipped: 3, rejected: 4 });
  assert.deepEqual(await rejects(counts.run), ['6|place-axes-swapped|纬度', '7|place-missing|经度', '8|place-not-readable|经度', '9|place-zero|经度']);
  assert.equal(await district.psql("select kind, st_astext(geom, 6), phone from twin.facility where name = '一号食堂' and source = '设施台账'"),
    'canteen|POINT(116.3001 39.8301)|010-62345678');
  const listed = await etl('rejects', String(counts.run));
  assert.match(listed.stdout, /place-axes-swapped.*exchange them/);
  assert.equal((await etl('rejects', '999999')).code, 1);
  assert.match((await etl('runs')).stdout, new RegExp(`^${counts.run}\tpublished\tfacility\t设施台账.csv`, 'm'));
});

test('a credit code that fails its check is kept and told', async () => {
  file('codes.csv', '名称,类别,统一社会信用代码,经度,纬度\n甲,商铺,91110000101623741K,116.3,39.8\n乙,商铺,91110000101623741J,116.31,39.8\n');
  const counts = await load('codes.csv');
  counted(counts, { inserted: 2 });
  assert.match(await district.psql(`select message from etl.run where id = ${counts.run}`), /1 credit codes fail/);
  assert.equal(await district.psql("select attributes->>'统一社会信用代码' from twin.facility where source = 'codes' and name = '乙'"), '91110000101623741J');
});

test('a ticket that was closed before it was reported is kept without its closing time, and told', async () => {
  file('tickets.csv', ['工单编号,诉求时间,办结时间,状态,经度,纬度',
    'A,2026-03-02 10:00:00,2026-03-02 09:59:59,已办结,116.3,39.8',
    'B,2026-03-02 10:00:00,1900-01-01,,116.3,39.8',
    'C,2026-03-02 10:00:00,2026-03-02T01:00:00Z,,116.3,39.8',
    'D,2026-03-02 10:00:00,2026-03-02T03:00:00Z,,116.3,39.8',
    'E,2026-03-02 10:00:00,2026-03-02 10:00:00,,116.3,39.8'].join('\n'));
  const counts = await load('tickets.csv');
  counted(counts, { inserted: 5 });
  assert.match(await district.psql(`select message from etl.run where id = ${counts.run}`), /(^|; )3 tickets were closed before they were reported/);
  assert.equal(await district.psql("select string_agg(number, '' order by number) filter (where closed_at is null), bool_and(status = 'closed') from ticket.ticket where source = 'tickets'"), 'ABC|t');
  const told = await etl('load', 'tickets.csv');
  assert.match(told.stderr, /3 tickets were closed before/);
  counted(await load('tickets.csv'), { unchanged: 5 });
});

test('half a text table publishes nothing; a sum that somebody typed under one does no harm', async () => {
  const head = '名称,类别,经度,纬度\n甲,食堂,116.35,39.85\n乙,食堂,116.36,39.85\n';
  const result = await etl('load', file('half.csv', `${head}丙,食堂,116.3`), '--kind', 'facility');
  assert.equal(result.code, 1);
  assert.match(result.stderr, /breaks off in line 4, in field 3 of 4/);
  assert.equal(await district.psql("select status from etl.run where file = 'half.csv'"), 'failed');
  counted(await load(file('half.csv', `${head}合计,2`)), { inserted: 2, skipped: 1 });
});

test('degrees that are something else: proposed, never done', async () => {
  const name = file('odd.csv', ['名称,类别,经度,纬度',
    '米,食堂,39440076.06,4410887.89', '反米,食堂,4410887.89,39440076.06', '连写,食堂,1161800,394948',
    '度分秒,食堂,116°18′0″,39°49′48″', '反,食堂,39.83,116.3'].join('\n'));
  const counts = await load(name);
  counted(counts, { inserted: 1, rejected: 4 });
  assert.deepEqual(await rejects(counts.run),
    ['2|place-in-metres|经度', '3|place-in-metres|经度', '4|place-packed-dms|经度', '6|place-axes-swapped|纬度']);
  const reasons = await district.psql(`select reason from etl.reject where run_id = ${counts.run} order by file_row`);
  assert.match(reasons, /zone 39, not degrees: .*EPSG:4527\n.*northing first: .*EPSG:4527\n.*116°18′0.00″ and 39°49′48.00″/);
  assert.equal(await district.psql(`select warnings from etl.run where id = ${counts.run}`), '{"place-in-dms": 1}');
});

test('a point that lies in no grid is kept back with its distance; asked for by name it is loaded', async () => {
  const area = (code, lon) => [{ 级别: '网格', 编码: code, 名称: `${code}网格` }, square(lon, 30, 0.01)];
  await load(file('网格.geojson', collection([area('990000000001', 100), area('990000000002', 100.01), area('990000000003', 30)])), '--kind', 'area');
  try {
    const points = file('点.csv', '名称,类别,经度,纬度\n里,食堂,100.005,30.005\n外,食堂,100.005,30.02\n反,食堂,30.005,30.02\n');
    const counts = await load(points);
    counted(counts, { inserted: 1, quarantined: 2 });
    const reviews = lines(await district.psql(`select file_row, reason_code, candidates->0->>'code', candidates->0->>'distance_m', jsonb_array_length(candidates) from etl.review where run_id = ${counts.run} order by 1`));
    assert.deepEqual(reviews.map((row) => row.split('|').toSpliced(3, 1).join('|')), ['3|place-outside-grids|990000000001|3', '4|place-outside-grids|990000000003|3']);
    assert.ok(Math.abs(Number(reviews[0].split('|')[3]) - 1109) < 2, reviews[0]);
    file('工单.csv', '工单编号,诉求时间,状态,经度,纬度\nA,2026-03-02,已办结,100.005,30.005\nB,2026-03-02,已办结,100.005,30.02\nC,2026-03-02,已办结,30.005,100.005\nD,2026-03-02,已办结,,\n');
    counted(await load('工单.csv'), { inserted: 2, quarantined: 1, rejected: 1 });
    counted(await load(points), { unchanged: 1, quarantined: 2 });
    assert.equal(await district.psql("select count(*) from etl.review v join etl.run r on r.id = v.run_id where r.source = '点'"), '2');
    counted(await load(points, '--anywhere'), { inserted: 2, unchanged: 1 });
    assert.equal(await district.psql("select count(*) from etl.review v join etl.run r on r.id = v.run_id where r.source = '点'"), '0');
  } finally {
    await district.psql("delete from twin.area where source = '网格'");
  }
});

test('a changed delivery writes its difference', async () => {
  const rows = (height) => collection([[{ code: 'A', height }, square(117, 39)], [{ code: 'B', height: 6 }, square(117.01, 39)]]);
  counted(await load(file('楼.geojson', rows(3)), '--kind', 'building'), { inserted: 2 });
  counted(await load(file('楼.geojson', rows(4)), '--kind', 'building'), { updated: 1, unchanged: 1 });
  assert.equal(await district.psql("select height_m from twin.building where source = '楼' and code = 'A'"), '4');
  counted(await load(file('楼2.geojson', rows(4)), '--source', '楼'), { unchanged: 2 });
  file('楼.geojson', collection([[{ code: 'B', height: 6 }, square(117.01, 39)], [{ code: 'C', height: 9 }, square(117.02, 39)]]));
  counted(await load('楼.geojson', '--kind', 'building'), { inserted: 1, unchanged: 1 });
  assert.equal(await district.psql("select string_agg(code, '' order by code) from twin.building where source = '楼'"), 'ABC');
  await load('楼.geojson', '--kind', 'building', '--prune');
  assert.equal(await district.psql("select string_agg(code, '' order by code) from twin.building where source = '楼'"), 'BC');
});

test('one code for two different buildings keeps both, the same row twice is one', async () => {
  const rows = [[{ code: 'X', height: 3 }, square(118, 39)], [{ code: 'X', height: 4 }, square(118.1, 39)], [{ code: 'X', height: 3 }, square(118, 39)]];
  counted(await load(file('dup.geojson', collection(rows)), '--kind', 'building'), { inserted: 2, merged: 1 });
  counted(await load('dup.geojson', '--kind', 'building'), { unchanged: 2, merged: 1 });
});

test('shapes are repaired, or refused with a reason', async () => {
  const bow = { type: 'Polygon', coordinates: [[[118, 38], [118.001, 38.001], [118.001, 38], [118, 38.001], [118, 38]]] };
  const flat = { type: 'Polygon', coordinates: [[[118, 38], [118.001, 38], [118.002, 38], [118, 38]]] };
  const rows = [[{ height: 1 }, bow], [{ height: 2 }, flat], [{ height: 3 }, { type: 'Point', coordinates: [118, 38] }],
    [{ height: 4 }, square(400, 38)], [{ height: 5 }, null], [{ height: 'tall' }, square(118, 38.1)], [{ height: 5000 }, square(118, 38.2)]];
  const counts = await load(file('shapes.geojson', collection(rows)), '--kind', 'building');
  counted(counts, { inserted: 1, rejected: 6 });
  assert.deepEqual((await rejects(counts.run)).map((row) => row.split('|')[1]),
    ['shape-repaired-to-nothing', 'shape-wrong-type', 'place-outside-earth', 'shape-missing', 'number-not-readable', 'number-out-of-range']);
  assert.equal(await district.psql("select st_isvalid(geom), st_numgeometries(geom) from twin.building where source = 'shapes'"), 't|2');
});

test('persons: matched, merged, kept apart, quarantined; nothing readable is left behind', async () => {
  const building = (number, lon) => [{ 小区名称: '幸福里', 楼号: number, 高度: 9 }, square(lon, 37)];
  await load(file('幸福里.geojson', collection([building('1号楼', 119), building('二号楼', 119.01)])), '--kind', 'building');
  const id = '11010519491231002X';
  const name = file('户籍.csv', [
    '小区名称,楼号,单元,房号,姓名,身份证号,手机号,户号,与户主关系,建筑面积',
    `幸福里,1#,一单元,201,张三丰,${id},13812341234,H1,户主,80`,
    `幸福里,1号楼,1,201室,张三丰,${id.toLowerCase()},13812341234,H1,户主,80`,
    `幸福里,2幢,1单元,101,张三丰,${id},,H2,户主,60`,
    `幸福里,9号楼,1单元,101,李四,,,H3,户主,60`,
    '幸福里,1号楼,1单元,202,王五,110105194912310021,13812341234,H4,户主,60',
    '幸福里,1号楼,1单元,203,赵六,1.1010519491231E+17,,H5,户主,60',
    '幸福里,1号楼,1单元,,钱七,,,H6,户主,60', '幸福里,1号楼,1单元,301,,,,,,55',
  ].join('\n'));
  const counts = await load(name);
  assert.equal(counts.kind, 'household');
  counted(counts, { inserted: 3, merged: 1, quarantined: 1, rejected: 3 });
  assert.deepEqual(await rejects(counts.run), ['6|id-number-checksum|身份证号', '7|id-number-tail-lost|身份证号', '8|room-missing|房号']);
  assert.equal(await district.psql("select number, dwelling_count, household_count, person_count from twin.building where estate = '幸福里' order by 1"), '1|2|1|1\n2|1|1|1');
  assert.equal(await district.psql("select b.number, u.name, u.dwelling_count, u.household_count, u.person_count from twin.unit u join twin.building b on b.id = u.building_id where estate = '幸福里' order by 1"), '1|1单元|2|1|1\n2|1单元|1|1|1');
  assert.equal(await district.psql('select count(distinct id_number_hash), count(*) from registry.person p join etl.run r on r.id = p.run_id where r.file = \'户籍.csv\''), '1|2');
  assert.match(await district.psql(`select reason_code, candidates from etl.review where run_id = ${counts.run}`), /^building-unknown\|.*"number": "1"/);
  counted(await load(name), { unchanged: 3, merged: 1, quarantined: 1, rejected: 3 });
  assert.equal(await district.psql("select count(*) from etl.review v join etl.run r on r.id = v.run_id where r.file = '户籍.csv'"), '1');
  const kept = await district.psql('select string_agg(r::text, \' \') from etl.reject r union all select string_agg(r::text, \' \') from etl.review r union all select string_agg(p::text, \' \') from registry.person p');
  for (const secret of [id, '13812341234', '110105194912310021', '王五', '李四']) assert.ok(!kept.includes(secret), secret);
  assert.match(kept, /王\*/);
  assert.match(kept, /138\*\*\*\*1234/);
});

test('a register: units filled where only one is possible, one person in two dwellings', async () => {
  const building = (number, lon) => [{ 小区名称: '清河里', 楼号: number, 高度: 9 }, square(lon, 36)];
  await load(file('清河里.geojson', collection([building('甲1号楼', 119), building('2号楼', 119.01), building('3号楼', 119.02)])), '--kind', 'building');
  const name = file('清河.csv', [
    '小区名称,楼号,单元,房号,姓名,身份证号,登记日期',
    '清河里,甲1#,1单元,101,张一,110105491231002,2019-05-01', // row 2: 15 digits
    '清河里,甲一栋,一单元,101,张一,11010519491231002X,', // 3: the same person
    '清河里,甲1号楼,2单元,201,张二,,', // 4
    '清河里,甲1号楼,,201,张三,,', // 5: only in unit 2
    '清河里,甲1号楼,无,101,张四,,', // 6: only in unit 1
    '清河里,甲1号楼,—,301,张五,,', // 7: no telling
    '清河里,2幢,,101,李一,11010519491231002X,2024-13-01', // 8: a building without units; no date
    '清河里,,,3-1-２０１,王一,,', // 9: all in the room
    '清河里,3号楼,,3-1-202,王二,,', // 10
    '清河里,3号楼,,９０１,王三,,', // 11: the building has one unit
  ].join('\n'));
  const counts = await load(name);
  counted(counts, { inserted: 8, merged: 1, quarantined: 1 });
  assert.equal(await district.psql(`select file_row, reason_code, candidates->1->>'unit' from etl.review where run_id = ${counts.run}`), '7|unit-ambiguous|2单元');
  assert.deepEqual(JSON.parse(await district.psql(`select warnings from etl.run where id = ${counts.run}`)),
    { 'date-not-readable': 1, 'unit-filled': 3, 'person-in-two-dwellings': 1 });
  const held = await district.psql(`select b.number, u.name, string_agg(d.room, ',' order by d.room) from twin.building b join twin.unit u on u.building_id = b.id join twin.dwelling d on d.unit_id = u.id where b.estate = '清河里' group by 1, 2 order by 1, 2`);
  assert.deepEqual(lines(held), ['2|无|101室', '3|1单元|201室,202室,901室', '甲1|1单元|101室', '甲1|2单元|201室']);
  assert.equal(await district.psql(`select string_agg(recorded_on::text, ' ' order by recorded_on) from registry.person where run_id = ${counts.run} and id_number_hash is not null and recorded_on < '2026-01-01'`), '2019-05-01');
  counted(await load(name), { unchanged: 8, merged: 1, quarantined: 1 });
});

test('a layer of its own: table, catalogue, rights, feed; persons stay out', async () => {
  const line = (lon) => ({ type: 'LineString', coordinates: [[lon, 39], [lon + 0.01, 39.01]] });
  const name = file('routes.geojson', collection([[{ name: '一路', length: 12, 联系人: '张三', contact: '13812341234', source: 'x' }, line(116)], [{ name: '二路', length: 7, 联系人: '李四', contact: '13912341234', source: 'y' }, line(117)]]));
  counted(await load(name, '--layer', 'routes', '--title', '公交线路'), { inserted: 2 });
  assert.equal(await district.psql('select name, length, source_1 from layer.routes order by id', 'web'), '一路|12|x\n二路|7|y');
  const columns = JSON.parse(await district.psql("select columns from twin.layer where id = 'routes'"));
  assert.deepEqual(columns.map((column) => [column.name, column.type]), [['name', 'text'], ['length', 'int'], ['source_1', 'text']]);
  assert.equal(await district.psql("select title_zh, geometry_type, served_from from twin.layer where id = 'routes'"), '公交线路|line|layer.routes');
  assert.equal(await district.psql("select count(*) from feed.change where layer = 'routes' and kind = 'change'"), '2');
  const changes = () => district.psql("select count(*) from feed.change where layer in ('routes', 'catalog')");
  const before = await changes();
  counted(await load(name, '--layer', 'routes'), { unchanged: 2 });
  file('routes.geojson', collection([[{ name: '一路', length: 12.5, colour: 'red' }, line(116)], [{ name: '二路', length: 7 }, line(117)]]));
  assert.equal(Number(await changes()), Number(before));
  counted(await load('routes.geojson', '--layer', 'routes'), { updated: 2 });
  assert.equal(await district.psql('select length, colour from layer.routes order by id'), '12.5|red\n7|');
});

test('a second column of names or phones is personal too', async () => {
  const person = { 姓名: '张三丰', 联系人: '李四光', 电话: '62345678', 联系电话: '62345679' };
  file('helpers.geojson', collection([[{ 站点: '甲', ...person }, { type: 'Point', coordinates: [116.3, 39.8] }], [{ 站点: '乙', ...person }, null]]));
  counted(await load('helpers.geojson', '--layer', 'helpers'), { inserted: 1, rejected: 1 });
  assert.equal(await district.psql("select string_agg(c->>'name', ' ') from twin.layer, jsonb_array_elements(columns) c where id = 'helpers'"), '站点');
  assert.ok(!/三丰|四光|62345678|62345679/.test(await district.psql('select string_agg(raw, \' \') from etl.reject')));
});

test('encodings of text tables', async () => {
  const text = '名称,类别,经度,纬度\n怡海食堂,食堂,116.35,39.85\n';
  const gbk = await run('iconv', ['-f', 'UTF-8', '-t', 'GBK', file('utf8.csv', text), '-o', 'gbk.csv'], { cwd: dir });
  assert.equal(gbk.code, 0, gbk.stderr);
  file('utf16.csv', Buffer.from('\ufeff' + text, 'utf16le'));
  file('bom.csv', '\ufeff' + text);
  for (const [name, encoding] of [['utf8.csv', 'UTF-8 (utf8-valid)'], ['gbk.csv', 'GB18030 (default)'], ['utf16.csv', 'UTF-16LE (bom)'], ['bom.csv', 'UTF-8 (bom)']]) {
    const counts = await load(name);
    counted(counts, { inserted: 1 });
    assert.equal(await district.psql(`select r.encoding, f.name from etl.run r join twin.facility f on f.run_id = r.id where r.id = ${counts.run}`), `${encoding}|怡海食堂`);
  }
});

test('coordinate systems: zone-prefixed metres by name, GCJ-02 only when named and then on record', async () => {
  file('zone.csv', '名称,类别,X,Y\n甲,食堂,39440076.06,4410887.89\n');
  counted(await load('zone.csv', '--crs', 'EPSG:4527'), { inserted: 1 });
  assert.equal(await district.psql("select st_astext(geom, 6) from twin.facility where source = 'zone'"), 'POINT(116.3 39.83)');
  file('gcj.csv', '名称,类别,经度,纬度\n甲,食堂,116.30606417618448,39.831256284186246\n');
  const counts = await load('gcj.csv', '--crs', 'gcj02');
  assert.equal(await district.psql("select st_astext(geom, 6) from twin.facility where source = 'gcj'"), 'POINT(116.3 39.83)');
  assert.match(await district.psql(`select message from etl.run where id = ${counts.run}`), /GCJ-02/);
});

test('KML, FileGDB-like directories and GeoPackage tables', async () => {
  file('points.geojson', collection([[{ name: '甲', kind: '食堂' }, { type: 'Point', coordinates: [116.3, 39.8] }]]));
  for (const args of [['-f', 'KML', 'points.kml', 'points.geojson'], ['-f', 'GPKG', 'two.gpkg', 'points.geojson', '-nln', 'first']]) {
    const made = await run('ogr2ogr', args, { cwd: dir });
    assert.equal(made.code, 0, made.stderr);
  }
  const more = await run('ogr2ogr', ['-update', '-f', 'GPKG', 'two.gpkg', 'points.geojson', '-nln', 'second'], { cwd: dir });
  assert.equal(more.code, 0, more.stderr);
  counted(await load('points.kml', '--kind', 'facility'), { inserted: 1 });
  const asked = await etl('load', 'two.gpkg', '--kind', 'facility');
  assert.equal(asked.code, 2);
  assert.match(asked.stderr, /--table: first, second/);
  counted(await load('two.gpkg', '--kind', 'facility', '--table', 'second'), { inserted: 1 });
  mkdirSync(join(dir, 'none.gdb'));
  assert.equal((await etl('load', 'none.gdb', '--layer', 'none')).code, 1);
});

test('check needs no database and writes nothing', async () => {
  const runs = await district.psql('select count(*) from etl.run');
  const result = await run(join(district.build, 'mqt-etl'), ['check', '设施台账.csv'], { cwd: dir, env: { MQT_DATABASE_URL: 'postgresql://127.0.0.1:1/none' } });
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stdout, /^row 6 纬度 place-axes-swapped/m);
  assert.match(result.stdout, /check kind=facility read=10 usable=3 skipped=3 rejected=4/);
  assert.equal(await district.psql('select count(*) from etl.run'), runs);
});

test('a run whose program was killed is recorded as failed by the next one', async () => {
  await district.psql("insert into etl.run (kind, source, file) values ('facility', 'gone', 'gone.csv')");
  await load(file('alive.csv', '名称,类别,经度,纬度\n甲,食堂,116.35,39.85\n'));
  assert.match(await district.psql("select status, message from etl.run where source = 'gone'"), /^failed\|the program ended/);
});

test('a district without a database: exit 1 and one line', async () => {
  const result = await run(join(district.build, 'mqt-etl'), ['load', file('away.csv', '名称,类别,经度,纬度\n甲,食堂,116.35,39.85\n')], { cwd: dir, env: { MQT_DATABASE_URL: 'postgresql://127.0.0.1:1/none' } });
  assert.equal(result.code, 1);
  assert.match(result.stderr, /^mqt-etl: /m);
});
