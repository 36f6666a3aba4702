// What the two styles promise: colours that can be told apart, also with reduced colour vision, words
// that can be read, a picture for every kind of facility, and documents as MapLibre wants them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { families } from './facility.mjs';
import { day, night } from './palette.mjs';
import { styleOf } from './source.mjs';
import { closest, contrast, distance, lab, visions } from './vision.mjs';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const lightness = (colour) => lab(colour)[0];
const justNoticeable = 2.3;

function apart(colours, least, what) {
  const worst = closest(colours);
  assert.ok(worst.distance >= least, `${what}: ${worst.pair} are ${worst.distance.toFixed(1)} apart for ${worst.vision}, not ${least}`);
}

for (const palette of [day, night]) {
  const { name, uses, roads } = palette;
  const onWall = name === 'night' ? 1 : -1; // which way is up in lightness

  test(`${name}: families of facilities are told apart by everybody`, () => apart(palette.kinds, 18, 'facilities'));

  test(`${name}: what was chosen, what is under the pointer and walls are told apart by everybody`, () => {
    for (const [use, [low, high]] of Object.entries(uses)) {
      apart({ chosen: palette.chosen, low }, 20, use);
      apart({ chosen: palette.chosen, high }, 20, use);
      apart({ chosen: palette.chosen, hover: palette.hover }, 15, use);
    }
    apart({ ai: palette.cameraAi, plain: palette.camera }, 15, 'cameras');
  });

  test(`${name}: uses of buildings differ where they stand side by side`, () => {
    const tall = Object.fromEntries(Object.entries(uses).map(([use, [, high]]) => [use, high]));
    for (const [use, colour] of Object.entries(tall))
      for (const [other, beside] of Object.entries(tall))
        if (use < other) assert.ok(distance(colour, beside) >= 3 * justNoticeable, `${use} and ${other}: ${distance(colour, beside).toFixed(1)}`);
    for (const vision of visions)
      for (const use of ['shop', 'health', 'learn'])
        assert.ok(distance(tall[use], tall.home, vision) >= 2 * justNoticeable, `${use} and home for ${vision}: ${distance(tall[use], tall.home, vision).toFixed(1)}`);
  });

  test(`${name}: lightness steps up from the ground, and nothing large is black or white`, () => {
    for (const [below, above] of [[palette.outside, palette.ground], [roads.residential, roads.primary], [uses.home[0], uses.home[1]]])
      assert.ok(Math.abs(lightness(above) - lightness(below)) >= justNoticeable, `${below} ${above}`);
    for (const use of Object.values(uses)) assert.ok(distance(use[1], palette.ground) >= 8 * justNoticeable, use[1]);
    for (const large of [palette.outside, palette.ground, palette.estate, palette.green, palette.water])
      assert.ok(lightness(large) >= 6 && lightness(large) <= 95.5, `${large} is ${lightness(large).toFixed(1)}`);
    assert.ok(onWall * (lightness(palette.water) - lightness(palette.ground)) !== 0);
    apart({ water: palette.water, green: palette.green, ground: palette.ground }, 3 * justNoticeable, 'ground');
  });

  test(`${name}: names can be read on their halo`, () => {
    for (const word of ['label', 'areaLabel', 'gridLabel', 'streetLabel', 'waterLabel', 'greenLabel', 'numberLabel'])
      assert.ok(contrast(palette[word], palette.halo) >= 4.5, `${word}: ${contrast(palette[word], palette.halo).toFixed(2)}`);
  });

  test(`${name}: the written document is the source's, and valid`, () => {
    const written = JSON.parse(read(`${name}.json`));
    assert.deepEqual(written, JSON.parse(JSON.stringify(styleOf(palette))), 'run npm run styles');
    const faults = validateStyleMin({ ...written, sources: { twin: { type: 'vector', url: 'http://server/tiles/map.json' } } });
    assert.deepEqual(faults.map(({ message }) => message), []);
  });
}

test('every kind of facility that the loader knows has a family of colours and a picture', () => {
  const kinds = [...read('../../etl/facility_kind.c').matchAll(/^ {4}\{"([a-z_]+)", "[^"]+", "[^"]+"\},$/gm)].map(([, kind]) => kind).filter((kind) => kind !== 'other');
  assert.ok(kinds.length >= 20);
  const known = new Set(Object.values(families).flat());
  const drawn = new Set([...read('../src/map-icons.ts').matchAll(/^ {2}([a-z_]+): 'M/gm)].map(([, kind]) => kind));
  assert.deepEqual(kinds.filter((kind) => !known.has(kind)), [], 'no family');
  assert.deepEqual(kinds.filter((kind) => !drawn.has(kind)), [], 'no picture');
  const asked = new Set([...JSON.stringify(styleOf(day)).matchAll(/"badge #\w+ #\w+ #\w+ (\w+)"/g)].map(([, picture]) => picture));
  assert.ok(asked.size > 15);
  assert.deepEqual([...asked].filter((picture) => !drawn.has(picture)), []);
});
