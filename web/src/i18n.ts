// The page's words in Chinese and English. A key that one language lacks does not compile.

import type { Language } from './app-state';
import { Store } from './store';

const zh = {
  title: '电子民情图',
  map: '地图',
  searchPlaceholder: '搜索楼栋、小区、设施、地址',
  search: '搜索',
  searchNone: '没有找到',
  searchFailed: '搜索暂不可用',
  layers: '图层',
  layersFilter: '筛选图层',
  layersNone: '没有符合的图层',
  layerZoomIn: '放大后可见',
  layersFailed: '图层列表读取失败',
  heat: '诉求热力',
  heatWindow: '时间范围',
  window_24h: '24 小时',
  window_7d: '7 天',
  window_30d: '30 天',
  window_all: '全部',
  window_range: '自定义',
  from: '起',
  to: '止',
  rangeBackwards: '起始日期晚于截止日期',
  legendLow: '少',
  legendHigh: '多',
  heatTotal: '库内诉求 {total} 件',
  heatNoPlace: '，其中 {n} 件无位置',
  tickets: '最新诉求',
  ticketsWaiting: '等待新的诉求',
  ticketNoPlace: '无位置',
  justNow: '刚刚',
  close: '关闭',
  building: '楼栋',
  estate: '小区',
  number: '楼号',
  address: '地址',
  use: '用途',
  structure: '结构',
  floors: '层数',
  floorsBelow: '地下 {n} 层',
  floorsAbove: '{n} 层',
  height: '高度',
  builtYear: '建成',
  yearOf: '{n} 年',
  dwellings: '住房',
  dwellingsOf: '{n} 套',
  households: '户数',
  householdsOf: '{n} 户',
  people: '人口',
  peopleOf: '{n} 人',
  openTickets: '未办结诉求',
  tickets30d: '近 30 天',
  ticketsTotal: '累计',
  unavailable: '暂不可用',
  unnamed: '未命名',
  live: '实时',
  connecting: '正在连接',
  dataAsOf: '数据时间',
  bannerServer: '与服务器的连接已中断，地图停留在 {time} 的数据，正在重新连接…',
  bannerServerNever: '无法连接服务器，正在重试…',
  bannerLate: '超过 15 秒没有收到服务器的消息，地图可能已经过时（{time}）。',
  bannerDatabase: '数据库暂不可用，地图显示 {time} 的数据。',
  bannerMap: '地图无法启动：{reason}',
  themeToDay: '切换为浅色',
  themeToNight: '切换为深色',
  languageOther: 'Switch to English',
  zoomIn: '放大',
  zoomOut: '缩小',
  north: '回到正北',
  home: '看全区',
  flat: '切换为平面',
  solid: '切换为立体',
  fullscreen: '全屏',
  panels: '面板',
  statBuildings: '楼栋',
  statHouseholds: '户',
  statPersons: '人',
  statOpen: '未办结诉求',
  summary: '全区概况',
  skip: '跳到地图',
};

type Words = Record<keyof typeof zh, string>;

const en: Words = {
  title: 'District twin',
  map: 'Map',
  searchPlaceholder: 'Search buildings, estates, facilities, addresses',
  search: 'Search',
  searchNone: 'Nothing found',
  searchFailed: 'Search is not available',
  layers: 'Layers',
  layersFilter: 'Filter layers',
  layersNone: 'No such layer',
  layerZoomIn: 'Zoom in to see',
  layersFailed: 'The list of layers could not be read',
  heat: 'Ticket heat',
  heatWindow: 'Period',
  window_24h: '24 h',
  window_7d: '7 d',
  window_30d: '30 d',
  window_all: 'All',
  window_range: 'Dates',
  from: 'From',
  to: 'To',
  rangeBackwards: 'The first date is after the last',
  legendLow: 'few',
  legendHigh: 'many',
  heatTotal: '{total} tickets on record',
  heatNoPlace: ', {n} without a place',
  tickets: 'Latest tickets',
  ticketsWaiting: 'Waiting for tickets',
  ticketNoPlace: 'no place',
  justNow: 'just now',
  close: 'Close',
  building: 'Building',
  estate: 'Estate',
  number: 'Number',
  address: 'Address',
  use: 'Use',
  structure: 'Structure',
  floors: 'Floors',
  floorsBelow: '{n} below ground',
  floorsAbove: '{n}',
  height: 'Height',
  builtYear: 'Built',
  yearOf: '{n}',
  dwellings: 'Dwellings',
  dwellingsOf: '{n}',
  households: 'Households',
  householdsOf: '{n}',
  people: 'People',
  peopleOf: '{n}',
  openTickets: 'Open tickets',
  tickets30d: '30 days',
  ticketsTotal: 'All time',
  unavailable: 'not available',
  unnamed: 'Unnamed',
  live: 'Live',
  connecting: 'Connecting',
  dataAsOf: 'Data of',
  bannerServer: 'Connection to the server lost. The map shows the data of {time}; reconnecting…',
  bannerServerNever: 'The server cannot be reached; trying again…',
  bannerLate: 'No word from the server for 15 seconds. The map may be out of date ({time}).',
  bannerDatabase: 'The database is not available. The map shows the data of {time}.',
  bannerMap: 'The map cannot start: {reason}',
  themeToDay: 'Switch to light',
  themeToNight: 'Switch to dark',
  languageOther: '切换为中文',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  north: 'Reset north',
  home: 'Whole district',
  flat: 'Flat view',
  solid: 'Solid view',
  fullscreen: 'Full screen',
  panels: 'Panels',
  statBuildings: 'buildings',
  statHouseholds: 'households',
  statPersons: 'people',
  statOpen: 'open tickets',
  summary: 'District at a glance',
  skip: 'Skip to the map',
};

const dictionaries: Record<Language, Words> = { zh, en };

export type Key = keyof typeof zh;

export const language = new Store<{ current: Language }>({ current: 'zh' });

export function t(key: Key, values: Record<string, string | number> = {}): string {
  return dictionaries[language.value.current][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** The Chinese or English one of two titles. */
export function either(zhText: string, enText: string): string {
  return language.value.current === 'zh' ? zhText || enText : enText || zhText;
}

const locales: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' };

export function locale(): string {
  return locales[language.value.current];
}

export function count(n: number): string {
  return new Intl.NumberFormat(locale()).format(n);
}

export function clock(when: Date): string {
  return new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }).format(when);
}

/** A time of today as a clock reading, any other with its date. */
export function moment(when: Date): string {
  if (Number.isNaN(when.getTime())) return '–'; // a mistyped year of five digits, which no Date can be
  if (when.toDateString() === new Date().toDateString()) return clock(when);
  const date: Intl.DateTimeFormatOptions = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false };
  return new Intl.DateTimeFormat(locale(), date).format(when);
}
