/** The things in the sample pictures, drawn as SVG around (0, 0) in a box of about 100 × 100. */
import type { Random } from '../../core/random/random.ts';

/** A number between two others. */
export function between(random: Random, low: number, high: number): number {
  return low + random.next() * (high - low);
}

/** One of several. */
export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.integer(choices.length)];
}

/** One set of colours for all three classes, so that colour alone tells nothing. */
const paints = [
  '#c8553d',
  '#e09f3e',
  '#588157',
  '#2a7f86',
  '#33658a',
  '#5f4b8b',
  '#a44a6c',
  '#8d6b4f',
  '#d9cbb3',
  '#4a4e57',
] as const;

/** A colour lighter (amount > 0) or darker (amount < 0), −1 to 1. */
function shade(colour: string, amount: number): string {
  const towards = amount > 0 ? 255 : 0;
  const parts = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16);
    return Math.round(value + (towards - value) * Math.abs(amount));
  });
  return `rgb(${parts.join(',')})`;
}

/** The drawing of one object. */
export type DrawObject = (random: Random) => string;

/** A mug from the side: body, rim, handle, some with a pattern or steam. */
export const drawCup: DrawObject = (random) => {
  const colour = pick(random, paints);
  const [top, bottom] = [between(random, 27, 36), between(random, 20, 33)];
  const height = between(random, 50, 72);
  const [y0, y1] = [-height / 2, height / 2];
  const tilt = between(random, 5, 9);
  const body = `M${-top} ${y0} C${-top} ${y1 * 0.5} ${-bottom} ${y1 * 0.8} ${-bottom} ${y1}
    Q0 ${y1 + tilt * 1.4} ${bottom} ${y1} C${bottom} ${y1 * 0.8} ${top} ${y1 * 0.5} ${top} ${y0} Z`;
  const side = random.next() < 0.5 ? -1 : 1;
  const grip = between(random, 12, 19);
  const handle = `<path d="M${side * (top - 3)} ${y0 * 0.5} c${side * grip * 1.7} ${-grip * 0.5} ${side * grip * 1.7} ${height * 0.55}
    ${side * -2} ${height * 0.5}" fill="none" stroke="${shade(colour, -0.18)}" stroke-width="${between(random, 6, 9)}" stroke-linecap="round"/>`;
  const drink = pick(random, ['#3b2417', '#6b4226', '#8a9a3b', '#b5651d']);
  return `${handle}
    <path d="${body}" fill="${colour}"/>
    <clipPath id="body"><path d="${body}"/></clipPath>
    <g clip-path="url(#body)">${cupPattern(random, colour)}
      <path d="M${-top} ${y0} h${top * 0.55} v${height * 1.3} h${-top} z" fill="#fff" opacity=".16"/>
      <path d="M${top} ${y0} h${-top * 0.5} v${height * 1.3} h${top} z" fill="#000" opacity=".14"/></g>
    <ellipse cx="0" cy="${y0}" rx="${top}" ry="${tilt}" fill="${shade(colour, 0.35)}"/>
    <ellipse cx="0" cy="${y0 + 1}" rx="${top - 4}" ry="${tilt - 2}" fill="${drink}"/>
    ${random.next() < 0.45 ? steam(random, y0) : ''}`;
};

function cupPattern(random: Random, colour: string): string {
  const ink = shade(colour, random.next() < 0.5 ? 0.45 : -0.35);
  const kind = random.integer(4);
  if (kind === 0) {
    return [-14, 2, 18].map((y) => `<rect x="-50" y="${y}" width="100" height="6" fill="${ink}"/>`).join('');
  }
  if (kind === 1) {
    const dots = Array.from({ length: 20 }, (_, i) => [
      -36 + (i % 5) * 18 + (Math.floor(i / 5) % 2) * 9,
      -20 + Math.floor(i / 5) * 16,
    ]);
    return dots.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3.4" fill="${ink}"/>`).join('');
  }
  if (kind === 2) return `<path d="M0 20 C-26 2 -14 -14 0 -3 C14 -14 26 2 0 20 Z" fill="${ink}"/>`;
  return '';
}

function steam(random: Random, y: number): string {
  const wisp = (x: number): string =>
    `<path d="M${x} ${y - 9} c-8 -9 8 -14 0 -24" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round" opacity=".55"/>`;
  return [-10, 8].map((x) => wisp(x + between(random, -3, 3))).join('');
}

/** A key: bow with a hole, shaft, teeth. */
export const drawKey: DrawObject = (random) => {
  const colour = pick(random, paints);
  const bow = between(random, 15, 22);
  const length = between(random, 48, 68);
  const width = between(random, 6, 9);
  const start = -length / 2;
  const end = start + bow + length;
  const teeth = Array.from({ length: 2 + random.integer(3) }, (_, i) => {
    const deep = between(random, 8, 17);
    return `<rect x="${end - 7 - i * 10}" y="0" width="6.5" height="${width / 2 + deep}" rx="1.5"/>`;
  });
  const shine = `<path d="M${start + bow} ${-width / 4} H${end - 4}" stroke="#fff" stroke-width="1.8" opacity=".5" stroke-linecap="round"/>`;
  return `<g transform="translate(${-bow / 2} 0)"><g fill="${colour}">
      <rect x="${start}" y="${-width / 2}" width="${end - start}" height="${width}" rx="2"/>${teeth.join('')}</g>
    ${keyBow(random, colour, start, bow)}
    <rect x="${start + bow + 2}" y="${-width / 2 - 2.5}" width="5" height="${width + 5}" rx="2" fill="${shade(colour, -0.25)}"/>${shine}</g>`;
};

function keyBow(random: Random, colour: string, x: number, size: number): string {
  const ring = `fill="none" stroke="${colour}" stroke-width="${size * 0.42}"`;
  const light = `<path d="M${x - size * 0.8} ${-size * 0.3} A${size} ${size} 0 0 1 ${x} ${-size * 0.86}" fill="none" stroke="#fff" stroke-width="2" opacity=".5"/>`;
  const kind = random.integer(3);
  if (kind === 0) return `<circle cx="${x}" cy="0" r="${size * 0.8}" ${ring}/>${light}`;
  if (kind === 1) {
    const leaf = (cx: number, cy: number): string =>
      `<circle cx="${cx}" cy="${cy}" r="${size * 0.45}" ${ring.replace(/width="[^"]+"/, `width="${size * 0.28}"`)}/>`;
    return leaf(x - size * 0.45, 0) + leaf(x + size * 0.15, -size * 0.5) + leaf(x + size * 0.15, size * 0.5);
  }
  return `<rect x="${x - size * 0.8}" y="${-size * 0.8}" width="${size * 1.6}" height="${size * 1.6}" rx="${size * 0.3}" ${ring}/>${light}`;
}

/** A leaf: blade with a smooth, toothed or lobed edge, midrib, veins, stalk. */
export const drawLeaf: DrawObject = (random) => {
  const colour = pick(random, paints);
  const [length, width] = [between(random, 62, 84), between(random, 17, 30)];
  const lobes = pick(random, [0, 0, 5, 7, 9]);
  const depth = lobes === 0 ? 0 : between(random, 0.12, 0.34);
  const steps = 36;
  const edge = (side: number): [number, number][] =>
    Array.from({ length: steps + 1 }, (_, i) => {
      const t = i / steps;
      // A blade widest below the middle; the cosine cuts lobes into it.
      const outline =
        Math.sin(Math.PI * t ** 0.8) * (1 - depth * (0.5 + 0.5 * Math.cos(2 * Math.PI * lobes * t)));
      return [side * width * outline, length / 2 - t * length];
    });
  const outline = [...edge(1), ...edge(-1).reverse()];
  const path = outline.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join(' ');
  const vein = shade(colour, random.next() < 0.6 ? 0.45 : -0.35);
  const veins = Array.from({ length: 5 }, (_, i) => {
    const y = length * (0.3 - i * 0.15);
    const reach = width * 0.72 * Math.sin(Math.PI * (0.5 - y / length) ** 0.8);
    return `M0 ${y} q${reach * 0.5} ${-5} ${reach} ${-reach * 0.75} M0 ${y} q${-reach * 0.5} ${-5} ${-reach} ${-reach * 0.75}`;
  });
  const bend = between(random, -9, 9);
  return `<path d="M0 ${length / 2 - 4} q${bend} 10 ${bend * 1.6} ${between(random, 15, 24)}" fill="none"
      stroke="${shade(colour, -0.3)}" stroke-width="3.6" stroke-linecap="round"/>
    <path d="${path} Z" fill="${colour}" stroke="${shade(colour, -0.2)}" stroke-width="1" stroke-linejoin="round"/>
    <clipPath id="half"><rect x="0" y="-60" width="60" height="120"/></clipPath>
    <path d="${path} Z" fill="#000" opacity=".1" clip-path="url(#half)"/>
    <path d="M0 ${length / 2} V${-length * 0.44} ${veins.join(' ')}" fill="none" stroke="${vein}" stroke-width="1.7" stroke-linecap="round"/>`;
};
