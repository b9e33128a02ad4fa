/** The pictures of activations: a grid for each layer, single channels, all layers on one sheet. */
import sharp from 'sharp';
import type { ActivationLayer } from '../../contract/app/explain/activations.ts';
import type { Grid } from '../../contract/app/explain/network.ts';
import { channelsPerRow } from '../../engine/interpretation/activations/activations.ts';
import { colourMaps } from '../../engine/interpretation/heatmaps/colour-maps.ts';
import { coverWithColours, enlargeMap } from './colour.ts';
import { type DrawOptions, type Drawing, titledPicture } from './drawing.ts';
import { type Raster, encodePng, resizeRaster } from './raster.ts';
import type { Result } from './results.ts';
import { type SvgPart, escapeXml } from './svg.ts';
import { drawGrid, gridOf } from './tile-grid.ts';

/** One layer with the pictures of its channels, one byte a place, one channel after another. */
export interface DrawnLayer extends Omit<ActivationLayer, 'grid' | 'picture'> {
  readonly planes: Uint8Array;
}

/** Activations of a photo, ready to be drawn. */
export interface DrawnActivations {
  readonly layers: readonly DrawnLayer[];
  readonly software: string;
  /** Model, photo and the like. */
  readonly settings: object;
  readonly title: string;
  /** The photo as people look at it. */
  photo(longSide: number): Promise<Raster>;
  /** The photo as the network gets it. */
  readonly seen: Raster;
}

/** Width of the sheet with all layers. */
const sheetWidth = 1280;
const captionHeight = 34;
/** Long side of a photo under a channel, and of a channel alone. */
const photoSide = 1280;
const channelSide = 448;

/** The grid of a layer: 16 channels a row, without margins. */
export function layerGrid({
  channels,
  width,
  height,
}: Pick<DrawnLayer, 'channels' | 'width' | 'height'>): Grid {
  return gridOf(channels, channelsPerRow, width, height, 0);
}

/** The pictures of activations by address: `photo`, `layer/<name>`, `layer/<name>/<channel>`, and all layers. */
export function activationPictures(found: DrawnActivations): Result {
  const bytes = found.layers.reduce((sum, { planes }) => sum + planes.length, found.seen.data.length);
  return {
    bytes,
    find([what, name, channel]) {
      if (what === undefined) return sheet(found);
      if (what === 'photo') return seenPhoto(found);
      const layer = found.layers.find((one) => one.name === name);
      if (what !== 'layer' || layer === undefined) return null;
      if (channel === undefined) return wholeLayer(found, layer);
      const index = Number(channel);
      return Number.isInteger(index) && index >= 0 && index < layer.channels
        ? oneChannel(found, layer, index)
        : null;
    },
  };
}

function plane({ planes, width, height }: DrawnLayer, channel: number): Uint8Array {
  return planes.subarray(channel * width * height, (channel + 1) * width * height);
}

function coloursOf(layer: DrawnLayer, channel: number, { colours = 'viridis' }: DrawOptions): Uint8Array {
  const table = colourMaps[colours];
  const values = plane(layer, channel);
  const pixels = new Uint8Array(values.length * 3);
  for (let i = 0; i < values.length; i++) {
    const from = 3 * values[i];
    pixels[3 * i] = table[from];
    pixels[3 * i + 1] = table[from + 1];
    pixels[3 * i + 2] = table[from + 2];
  }
  return pixels;
}

function layerRaster(layer: DrawnLayer, options: DrawOptions): Raster {
  return drawGrid(layerGrid(layer), layer.channels, (channel) => coloursOf(layer, channel, options));
}

function caption({ name, height, width, channels, blank }: DrawnLayer): string {
  const empty = blank.length === 0 ? '' : `, ${blank.length} blank`;
  return `${name}   ${height} × ${width}, ${channels} channels${empty}`;
}

function notesOf(found: DrawnActivations, title: string, more: object) {
  return (options: DrawOptions) => ({
    title,
    software: found.software,
    settings: {
      picture: 'activations',
      ...found.settings,
      ...more,
      colours: options.colours ?? 'viridis',
      normalised: '(x - mean) / std * 64 + 128, each channel by itself',
    },
  });
}

function seenPhoto(found: DrawnActivations): Drawing {
  const title = 'The photo as the network gets it';
  return {
    notes: notesOf(found, title, {}),
    raster: async () => found.seen,
    svg: () => titledPicture(found.seen, title, found.title, true),
  };
}

function wholeLayer(found: DrawnActivations, layer: DrawnLayer): Drawing {
  const title = `Activations of ${layer.name}`;
  const about = { layer: layer.name, channels: layer.channels, blank: layer.blank.length };
  return {
    notes: notesOf(found, title, about),
    raster: async (options) => layerRaster(layer, options),
    svg: (options) =>
      titledPicture(layerRaster(layer, options), title, `${found.title}. ${caption(layer)}`, true),
  };
}

/** How much of a channel's colours covers the photo. */
const usualOpacity = 0.6;

function oneChannel(found: DrawnActivations, layer: DrawnLayer, channel: number): Drawing {
  const title = `${layer.name}, channel ${channel}`;
  const { width, height } = layer;
  const raster = async (options: DrawOptions): Promise<Raster> => {
    if (options.of !== 'overlay') {
      const factor = Math.max(1, Math.floor(channelSide / Math.max(width, height)));
      const data = coloursOf(layer, channel, options);
      return resizeRaster({ width, height, channels: 3, data }, width * factor, height * factor, false);
    }
    const photo = await found.photo(options.side ?? photoSide);
    const values = Float32Array.from(plane(layer, channel), (value) => value / 255);
    const map = enlargeMap({ width, height, values }, photo.width, photo.height);
    return coverWithColours(photo, map, options.colours ?? 'viridis', options.intensity ?? usualOpacity);
  };
  const notes: Drawing['notes'] = (options) => {
    const over = { over: 'photo', intensity: options.intensity ?? usualOpacity };
    const about = { layer: layer.name, channel, ...(options.of === 'overlay' ? over : {}) };
    return notesOf(found, title, about)(options);
  };
  return {
    notes,
    raster,
    svg: async (options) =>
      titledPicture(await raster(options), title, found.title, options.of !== 'overlay'),
  };
}

/** Where each layer stands on the sheet. */
function places(layers: readonly DrawnLayer[]): { top: number; width: number; height: number }[] {
  let top = 0;
  return layers.map((layer) => {
    const grid = layerGrid(layer);
    const height = Math.max(1, Math.round((grid.height * sheetWidth) / grid.width));
    const place = { top: top + captionHeight, width: sheetWidth, height };
    top = place.top + height + 10;
    return place;
  });
}

/** Captions need a font; where the system has none they stay empty, and everything else is there. */
async function withCaptions(
  raster: Raster,
  texts: readonly { top: number; text: string }[],
): Promise<Raster> {
  const { width, height, data } = raster;
  const lines = texts.map(
    ({ top, text }) =>
      `<text x="4" y="${top - 10}" font-size="17" fill="#1c1917" xml:space="preserve">${escapeXml(text)}</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Inter, Helvetica, Arial, DejaVu Sans, sans-serif">${lines.join('')}</svg>`;
  const drawn = await sharp(data, { raw: { width, height, channels: 4 } })
    .composite([{ input: Buffer.from(svg) }])
    .raw()
    .toBuffer();
  return { width, height, channels: 4, data: drawn };
}

function sheet(found: DrawnActivations): Drawing {
  const { layers, title } = found;
  const at = places(layers);
  const whole = { width: sheetWidth, height: at.at(-1)!.top + at.at(-1)!.height };
  const raster = async (options: DrawOptions): Promise<Raster> => {
    const data = new Uint8Array(whole.width * whole.height * 4).fill(255);
    for (const [index, layer] of layers.entries()) {
      const { top, width, height } = at[index];
      const drawn = layerRaster(layer, options);
      const resized = await resizeRaster(drawn, width, height, drawn.width > width);
      data.set(resized.data, top * width * 4);
    }
    const texts = layers.map((layer, index) => ({ top: at[index].top, text: caption(layer) }));
    return withCaptions({ ...whole, channels: 4, data }, texts);
  };
  const svg = async (options: DrawOptions) => {
    const parts: SvgPart[] = [];
    for (const [index, layer] of layers.entries()) {
      const { top, width, height } = at[index];
      const png = await encodePng(layerRaster(layer, options), null);
      parts.push({ kind: 'text', x: 4, y: top - 10, size: 17, text: caption(layer) });
      parts.push({ kind: 'image', x: 0, y: top, width, height, png, crisp: true });
    }
    return { ...whole, parts };
  };
  return { notes: notesOf(found, title, { layers: layers.map(({ name }) => name) }), raster, svg };
}
