// How far apart two colours look, to people with full and with reduced colour vision. Dichromacy
// after Machado, Oliveira and Fernandes (2009) at severity 1, on linear light; distance is Euclid's
// in CIELAB (D65), where 2.3 is just noticeable.

const simulations = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};
export const visions = Object.keys(simulations);

const clamped = (x) => Math.min(1, Math.max(0, x));
const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);

/** Linear light of '#rrggbb'. */
function lightOf(colour) {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255].map((c) => linear(c / 255));
}

function seen(light, vision) {
  const m = simulations[vision];
  return [0, 3, 6].map((row) => clamped(m[row] * light[0] + m[row + 1] * light[1] + m[row + 2] * light[2]));
}

/** CIELAB of '#rrggbb' as somebody sees it. */
export function lab(colour, vision = 'normal') {
  const [r, g, b] = seen(lightOf(colour), vision);
  const x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047;
  const y = 0.2126729 * r + 0.7151522 * g + 0.072175 * b;
  const z = (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883;
  const [fx, fy, fz] = [x, y, z].map((t) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27) * t / 116 + 16 / 116));
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

export function distance(a, b, vision = 'normal') {
  const [p, q] = [lab(a, vision), lab(b, vision)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

/** Relative luminance ratio of WCAG 2, 1 to 21. */
export function contrast(a, b) {
  const luminance = (colour) => { const [r, g, bl] = lightOf(colour); return 0.2126 * r + 0.7152 * g + 0.0722 * bl; };
  const [p, q] = [luminance(a), luminance(b)];
  return (Math.max(p, q) + 0.05) / (Math.min(p, q) + 0.05);
}

/** The two of a set that are hardest to tell apart: { vision, pair, distance }. */
export function closest(colours) {
  const names = Object.keys(colours);
  let worst = { distance: Infinity };
  for (const vision of visions)
    for (let i = 0; i < names.length; i++)
      for (let j = 0; j < i; j++) {
        const apart = distance(colours[names[i]], colours[names[j]], vision);
        if (apart < worst.distance) worst = { vision, pair: [names[j], names[i]], distance: apart };
      }
  return worst;
}
