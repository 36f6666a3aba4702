// Rooms of the page that need no page: numbers and text in, numbers and text out.

import { expect, test } from './playwright.mjs';
import { initialState } from '../../web/src/app-state';
import { composeStyle, type Choices } from '../../web/src/compose-style';
import { fitCamera, type Screen } from '../../web/src/fit-camera';
import { grouped, groupOf } from '../../web/src/layer-groups';
import { layersOff, switched } from '../../web/src/layer-choice';
import { areaRows, buildingName } from '../../web/src/ranking';
import { nowhere } from '../../web/src/place-style';
import { Seats } from '../../web/src/seats';
import { formatHash, parseHash } from '../../web/src/state-in-url';
import { faceOf, type Unit } from '../../web/src/units';
import { wallScale } from '../../web/src/wall';
import type { LayerInfo } from '../../web/src/api';
import type { Area } from '../../web/src/areas';

const screen: Screen = { width_px: 1_920, height_px: 1_080, left_px: 348, right_px: 392, top_px: 84, bottom_px: 48 };

/** Where MapLibre's camera (field of view 36.87 degrees) draws a point, counted from the screen's top left. */
function project(lon: number, lat: number, at: { lon: number; lat: number; zoom: number }, pitch_deg: number): [number, number] {
  const scale = 512 * 2 ** at.zoom;
  const y = (degrees: number) => 0.5 - Math.asinh(Math.tan((degrees * Math.PI) / 180)) / (2 * Math.PI);
  const [east, south] = [((lon - at.lon) / 360) * scale, (y(lat) - y(at.lat)) * scale];
  const tilt = (pitch_deg * Math.PI) / 180;
  const distance = (0.5 * screen.height_px) / Math.tan((36.87 * Math.PI) / 360);
  const k = distance / (distance - south * Math.sin(tilt));
  return [screen.width_px / 2 + east * k, screen.height_px / 2 + south * Math.cos(tilt) * k];
}

test('a box fits between the panels, however the camera is tilted, and fills what it can', () => {
  const boxes: [number, number, number, number][] = [[116.262, 39.8098, 116.3425, 39.8525], [116.3, 39.82, 116.302, 39.83], [116.3, 39.82, 116.34, 39.822]];
  for (const box of boxes) {
    for (const pitch of [0, 48, 65]) {
      const fit = fitCamera(box, screen, pitch, 20);
      const corners = [[box[0], box[1]], [box[2], box[1]], [box[0], box[3]], [box[2], box[3]]].map(([lon, lat]) => project(lon as number, lat as number, fit, pitch));
      const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
      const gaps = [Math.min(...xs) - 348, 1_920 - 392 - Math.max(...xs), Math.min(...ys) - 84, 1_080 - 48 - Math.max(...ys)];
      expect(Math.min(...gaps), `${box} at ${pitch}`).toBeGreaterThan(-0.5);
      expect(Math.min((gaps[0] as number) + (gaps[1] as number), (gaps[2] as number) + (gaps[3] as number)), `${box} at ${pitch}`).toBeLessThan(2);
      expect(Math.abs((gaps[2] as number) - (gaps[3] as number)), 'as much above as below').toBeLessThan(1);
    }
  }
  expect(fitCamera([116.3, 39.82, 116.3, 39.82], screen, 48, 18.5).zoom).toBe(18.5);
});

test('a link tells the place and the building; old links open as before', () => {
  const view = { lon: 116.3, lat: 39.83, zoom: 15.2, bearing_deg: -20, pitch_deg: 50 };
  const state = { ...initialState, view, at: 17, building: 204, off: ['grid'], on: ['hydrant'] };
  expect(formatHash(state)).toBe('#15.20/39.83000/116.30000/-20/50&at=17&b=204&off=grid&on=hydrant');
  expect(parseHash(formatHash(state))).toEqual(state);
  expect(parseHash('#15.20/39.83/116.3/-20/50&off=grid&heat=7d&flat=1')).toMatchObject({ at: null, building: null, flat: true, view });
  for (const bad of ['#at=-1', '#at=1e3', '#at=abc', '#at=', '#at=99999999999999999', '#b=1;2']) expect(parseHash(bad)).toMatchObject({ at: null, building: null });
});

test('a link keeps what somebody switched, not what the style lets wait', () => {
  const layer = (id: string, waits: boolean) => ({ id, type: 'line' as const, source: 'twin', 'source-layer': id, metadata: { 'mqt:unasked': waits } });
  const base = { version: 8 as const, sources: {}, layers: [layer('grid', false), layer('hydrant', true), layer('lamp', true)] };
  expect(layersOff(base, initialState)).toEqual(['hydrant', 'lamp']);
  const asked = switched(base, initialState, 'hydrant', true);
  expect(asked).toEqual({ off: [], on: ['hydrant'] });
  expect(layersOff(base, asked)).toEqual(['lamp']);
  const less = switched(base, asked, 'grid', false);
  expect(layersOff(base, less)).toEqual(['grid', 'lamp']);
  expect(switched(base, switched(base, less, 'grid', true), 'hydrant', false), 'as it was').toEqual({ off: [], on: [] });
});

test('house numbers stand on the roofs, on the ground where no walls stand', () => {
  const base = {
    version: 8 as const, sources: { twin: { type: 'vector' as const, tiles: [] } },
    layers: [
      { id: 'building-3d', type: 'fill-extrusion' as const, source: 'twin', 'source-layer': 'building', paint: { 'fill-extrusion-height': 30 } },
      { id: 'building-label', type: 'symbol' as const, source: 'twin', 'source-layer': 'building_label', layout: { 'text-field': '7' } },
      { id: 'grid-label', type: 'symbol' as const, source: 'twin', 'source-layer': 'grid_label' },
    ],
  };
  const choices: Choices = { layers: new Set(['building', 'grid']), off: new Set(), flat: false, heat: initialState.heat, heatUrl: '', place: nowhere };
  const heights = (more: Partial<Choices>) =>
    composeStyle(base, { ...choices, ...more }).layers.filter(({ type }) => type === 'symbol').map(({ layout }) => (layout as Record<string, unknown> | undefined)?.['symbol-height-offset']);
  expect(heights({})).toEqual([30, undefined]);
  expect(heights({ heat: { ...initialState.heat, on: true } }), 'through glass one sees the ground').toEqual([undefined, undefined]);
  expect(heights({ flat: true })).toEqual([undefined, undefined]);
  expect(heights({ off: new Set(['building']) })).toEqual([undefined, undefined]);
});

test('a building without a name or number is called by what it is for', () => {
  expect(buildingName({ name: '锅炉房', estate: '幸福里', use: '配套' })).toBe('锅炉房');
  expect(buildingName({ name: null, estate: '幸福里', number: '3', use: '住宅' })).toBe('幸福里 3');
  expect(buildingName({ estate: '幸福里', number: null, use: 'auxiliary' })).toBe('幸福里 配套');
  expect(buildingName({})).toBe('');
});

const unit = (name: string, rooms: [floor: string, room: string][]): Unit => ({
  id: 1, name, dwellings: rooms.length, households: rooms.length, persons: null, person_band: '<10',
  rooms: rooms.map(([floor, room]) => ({ floor, room, area_m2: null, use: null })),
});

test('a face stands from the top down without gaps, cellars below, the unknown last', () => {
  const units = [unit('10单元', [['2层', '201室']]), unit('2单元', [['无', '1203室'], ['无', '1204室'], ['地下1层', 'B1'], ['无', '东户']])];
  const face = faceOf({ building_id: 1, floors: ['12层', '2层', '地下1层', '无'], units }, 14);
  expect(face.units.map(({ name }) => name)).toEqual(['2单元', '10单元']);
  expect(face.floors.map(({ name }) => name)).toEqual([...Array.from({ length: 14 }, (_, i) => `${14 - i}层`), '地下1层', '无']);
  expect(face.cells[2]?.map((rooms) => rooms.length)).toEqual([2, 0]);
  expect(face.cells[12]?.map((rooms) => rooms.length)).toEqual([0, 1]);
  expect(face.cells[15]?.map((rooms) => rooms.map(({ room }) => room))).toEqual([['东户'], []]);
  expect(faceOf({ building_id: 1, floors: [], units: [unit('无', [['无', '东户']])] }, null).floors).toEqual([{ name: '无', level: null }]);
});

const area = (id: number, code: string, tickets_open: number, persons: number | null): Area => ({
  id, level: 'grid', code, name: `网格${id}`, manager: null, bbox: [0, 0, 1, 1], lon: 0, lat: 0,
  figures: { buildings: 1, dwellings: 1, households: 1, persons, person_band: persons === null ? '<10' : null, buildings_withheld: 0, tickets_open, tickets_30d: 0, tickets_total: 0 },
});

test('areas rank by what was chosen; where few live nothing is told, and they rank last', () => {
  const areas = [area(1, '01', 10, 1_000), area(2, '02', 4, null), area(3, '03', 8, 100), area(4, '10', 8, 0)];
  const told = (order: Parameters<typeof areaRows>[1]) => areaRows(areas, order).map(({ id, value, share }) => [id, value, Math.round(100 * share)]);
  expect(told('open')).toEqual([[1, '10', 100], [3, '8', 80], [4, '8', 80], [2, '4', 40]]);
  expect(told('rate')).toEqual([[3, '80', 100], [1, '10', 13], [2, '–', 0], [4, '–', 0]]);
  expect(told('people')).toEqual([[1, '1,000', 100], [3, '100', 10], [4, '0', 0], [2, '<10', 0]]);
  expect(told('name').map(([id]) => id)).toEqual([1, 2, 3, 4]);
});

test('layers find their group: the catalogue first, then the title, then the geometry', () => {
  const layer = (id: string, title_zh: string, geometry_type: LayerInfo['geometry_type'], group?: string) =>
    ({ id, title_zh, title_en: '', geometry_type, ...(group ? { style: { group } } : {}) }) as LayerInfo;
  expect(groupOf(layer('grid', '网格', 'polygon'))).toBe('division');
  expect(groupOf(layer('hydrant', '消火栓', 'point'))).toBe('safety');
  expect(groupOf(layer('x', '供水管线', 'line'))).toBe('utilities');
  expect(groupOf(layer('x', '甲乙丙', 'line'))).toBe('lines');
  expect(groupOf(layer('x', '消火栓', 'point', '街道专题'))).toBe('街道专题');
  const groups = grouped([layer('x', '消火栓', 'point', '街道专题'), layer('a', '路灯', 'point'), layer('grid', '网格', 'polygon')]);
  expect(groups.map(({ group, title }) => [group, title])).toEqual([['division', 'group_division'], ['utilities', 'group_utilities'], ['街道专题', null]]);
});

test('only a wall is drawn larger', () => {
  expect([wallScale(1_920, 1_080), wallScale(2_560, 1_440), wallScale(390, 760)]).toEqual([1, 1, 1]);
  expect([wallScale(3_840, 2_160), wallScale(7_680, 4_320), wallScale(5_760, 1_080)]).toEqual([2, 4, 1]);
});

test('a row that goes is given to what comes, and what stays keeps its own', () => {
  const seats = new Seats();
  expect(seats.take([3, 2, 1])).toEqual([0, 1, 2]);
  expect(seats.take([4, 3, 2])).toEqual([2, 0, 1]);
  expect(seats.take([6, 5, 4])).toEqual([0, 1, 2]);
  expect(seats.take([7, 6, 5, 4])).toEqual([3, 0, 1, 2]);
  expect(seats.take([])).toEqual([]);
});
