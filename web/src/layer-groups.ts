// The layers of the catalogue in the groups that an office thinks in. A group named by the catalogue
// (style.group) goes first, then what the title says, then the kind of geometry.

import type { LayerInfo } from './api';
import type { Key } from './i18n';

const groups = ['division', 'building', 'service', 'safety', 'traffic', 'utilities', 'nature', 'areas', 'lines', 'points'] as const;
export type LayerGroup = (typeof groups)[number];

export interface GroupedLayers {
  group: string; // a LayerGroup, or the name that the catalogue gives
  title: Key | null; // null: the group's name is its title
  layers: LayerInfo[];
}

// Words of Chinese titles. The first group that has one of them takes the layer.
const words: readonly [LayerGroup, RegExp][] = [
  ['safety', /摄像|监控|消防|消火|除颤|避难|积水|水位|内涝|烟感|报警|应急|警务|安全|井盖/],
  ['nature', /绿地|水系|河|湖|古树|树木|公园|噪声|空气|环境监测|湿地/],
  ['utilities', /管线|管网|供水|排水|燃气|换热|供热|供电|电力|路灯|垃圾|再生|回收|环卫|电梯|充电|基站/],
  ['traffic', /道路|公交|地铁|车棚|停车|红绿灯|信号灯|骑手|路口|桥/],
  ['service', /设施|生活圈|议事|志愿|服务|快递|养老|食堂|学校|医|商|银行|活动/],
];

const divisions = new Set(['district', 'subdistrict', 'community', 'grid', 'estate']);

export function grouped(layers: readonly LayerInfo[]): GroupedLayers[] {
  const found = new Map<string, LayerInfo[]>(groups.map((group) => [group, []]));
  for (const layer of layers) {
    const group = groupOf(layer);
    found.set(group, [...(found.get(group) ?? []), layer]);
  }
  return [...found]
    .filter(([, members]) => members.length > 0)
    .map(([group, members]) => ({ group, title: isKnown(group) ? `group_${group}` : null, layers: members }));
}

export function groupOf(layer: LayerInfo): string {
  const named = layer.style?.group;
  if (named) return named;
  if (divisions.has(layer.id)) return 'division';
  if (layer.id === 'building') return 'building';
  const [group] = words.find(([, pattern]) => pattern.test(layer.title_zh)) ?? [];
  return group ?? ({ polygon: 'areas', line: 'lines', point: 'points' } as const)[layer.geometry_type];
}

function isKnown(group: string): group is LayerGroup {
  return (groups as readonly string[]).includes(group);
}
