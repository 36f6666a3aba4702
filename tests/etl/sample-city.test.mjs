// `sample --scale city`: what can be asked for. The city itself is built in tests/unit/test_city.c.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { run } from '../support/district.mjs';

const program = resolve(process.env.MQT_BUILD ?? '.build', 'mqt-etl');
const dir = mkdtempSync(join(tmpdir(), 'mqt-city-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const sample = (...options) => run(program, ['sample', '--out', dir, ...options]);

test('--households is a question only of a city', async () => {
  for (const options of [['--households'], ['--scale', 'district', '--households'], ['--households', '--scale', 'community']]) {
    const result = await sample(...options);
    assert.equal(result.code, 2, options.join(' '));
    assert.match(result.stderr, /--households is for --scale city/);
  }
  assert.deepEqual(readdirSync(dir), []);
});

test('an unknown scale names those that there are', async () => {
  for (const options of [['--scale', 'galaxy'], ['--scale', 'galaxy', '--households']]) {
    const result = await sample(...options);
    assert.equal(result.code, 2);
    assert.match(result.stderr, /community, district, city/);
  }
});

test('--help tells of the city and its households', async () => {
  const result = await run(program, ['sample', '--help']);
  assert.equal(result.code, 0);
  assert.match(result.stdout, /--households/);
  assert.match(result.stdout, /community, district, city/);
});
