// What a link restores: where the map looks, what is switched on, and how it is dressed.

import { Store } from './store';

export type Theme = 'night' | 'day';
export type Language = 'zh' | 'en';
export type HeatWindow = '24h' | '7d' | '30d' | 'all' | 'range';

export interface View {
  lon: number;
  lat: number;
  zoom: number;
  bearing_deg: number;
  pitch_deg: number;
}

export interface HeatChoice {
  on: boolean;
  window: HeatWindow;
  from: string; // local dates as the date inputs give them, '' when open; used by 'range'
  to: string; // inclusive
}

export interface AppState {
  view: View | null; // null until the map knows where to look
  at: number | null; // the drill-down's place: the id of an area; null at the top
  building: number | null; // the chosen building
  off: readonly string[]; // layers switched off
  on: readonly string[]; // layers switched on that wait until somebody asks
  heat: HeatChoice;
  flat: boolean; // buildings as footprints
  theme: Theme;
  language: Language;
}

export const initialState: AppState = {
  view: null,
  at: null,
  building: null,
  off: [],
  on: [],
  heat: { on: false, window: '7d', from: '', to: '' },
  flat: false,
  theme: 'night',
  language: 'zh',
};

export type AppStore = Store<AppState>;
