// The colours of both styles, in one order from the ground up. Lightness carries the picture: each
// step up (outside, ground, estate, street, building, label) is lighter by night and stands out by
// day; hue says what a thing is; saturation is kept for heat, for what was chosen and for alarms.
// palette.test.mjs holds the distances that must not shrink, also for colour-blind people.

export const day = {
  name: 'day',
  outside: '#e6e2d9', ground: '#f2efe8', estate: '#eae4d6', estateLine: '#cfc5b1',
  green: '#d3e2bf', sports: '#c3dcb4', wood: '#c9d9b8', field: '#e6e3c8', greenLine: '#b9cfa4', water: '#b4d5e6', waterLine: '#8fbcd4',
  casing: '#d3cbbb', roads: { motorway: '#f3cf8c', primary: '#fae3b3', secondary: '#fff6df', residential: '#ffffff', path: '#d8cfbd' },
  rail: '#9a958c', railGap: '#f2efe8',
  footprintLine: '#b7ac98',
  uses: {
    home: ['#efe8da', '#cdbfa6'], shop: ['#f3dcb0', '#dcb878'], office: ['#d3deec', '#9fb6d3'], learn: ['#dbe8c4', '#b3cc8d'],
    health: ['#f3d3cf', '#dda29c'], industry: ['#dddbde', '#b3afb8'], courtyard: ['#e0cdb6', '#c9ae8b'], service: ['#dfdbd1', '#c1bbad'],
  },
  hover: '#f6c667', chosen: '#e08a00',
  border: '#6d5fa8', borderGlow: '#a99ed6', district: '#54479a',
  label: '#2f3540', quiet: '#6c6a5f', areaLabel: '#5a4d94', gridLabel: '#6d629f', streetLabel: '#6b6453', waterLabel: '#2c6f94',
  greenLabel: '#4c7035', numberLabel: '#5d5648', halo: '#f7f4ec',
  kinds: { care: '#054638', learn: '#4b80c8', health: '#cb665c', trade: '#7c4a10', service: '#5b3d80', civic: '#6a7785' },
  camera: '#6a7785', cameraAi: '#5b3d80', ring: '#ffffff',
  light: { anchor: 'viewport', color: '#ffffff', intensity: 0.26, position: [1.4, 205, 38] },
  sky: { 'sky-color': '#c6dcea', 'horizon-color': '#eef1ee', 'fog-color': '#ece8df' },
  badge: (colour) => [colour, '#ffffff', '#ffffff'],
};

export const night = {
  name: 'night',
  outside: '#0f161f', ground: '#151e29', estate: '#1b2633', estateLine: '#33455a',
  green: '#1c3331', sports: '#21403a', wood: '#182b2b', field: '#1f2828', greenLine: '#2b4a43', water: '#134663', waterLine: '#236690',
  casing: '#0e151e', roads: { motorway: '#736a53', primary: '#56606e', secondary: '#44515f', residential: '#303d4c', path: '#2a3644' },
  rail: '#5d6672', railGap: '#151e29',
  footprintLine: '#52667c',
  uses: {
    home: ['#33465b', '#6d8aa8'], shop: ['#4c473c', '#92815f'], office: ['#3e4b6c', '#8698c8'], learn: ['#35504a', '#69988a'],
    health: ['#5a434e', '#a67c8b'], industry: ['#40434d', '#7d818d'], courtyard: ['#463f3b', '#76695f'], service: ['#303b47', '#5d6c7c'],
  },
  hover: '#b9cde0', chosen: '#f0a830',
  border: '#a59bd6', borderGlow: '#6e64ae', district: '#bcb3e6',
  label: '#dbe4ed', quiet: '#93a3b5', areaLabel: '#d6d0ee', gridLabel: '#b8b2d4', streetLabel: '#a7b2bf', waterLabel: '#7fb8dc',
  greenLabel: '#8fbfa2', numberLabel: '#dfe7ef', halo: '#111923',
  kinds: { care: '#7bd8b0', learn: '#5a9fe9', health: '#dd7b70', trade: '#e6be78', service: '#d0b9f2', civic: '#8795a6' },
  camera: '#8795a6', cameraAi: '#d0b9f2', ring: '#111923',
  light: { anchor: 'viewport', color: '#e6eefa', intensity: 0.44, position: [1.4, 205, 40] },
  sky: { 'sky-color': '#0b121b', 'horizon-color': '#24354b', 'fog-color': '#121a24' },
  badge: (colour) => ['#16202c', colour, colour],
};
