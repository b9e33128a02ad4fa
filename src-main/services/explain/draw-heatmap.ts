/** The pictures of a heatmap: over the photo, by itself, and the photo alone. */
import { addColours, colourMap, enlargeMap } from './colour.ts';
import { type DrawOptions, type Drawing, titledPicture } from './drawing.ts';
import { type Raster, encodePng } from './raster.ts';
import type { Result } from './results.ts';
import { type SvgPart, wrapWords } from './svg.ts';

/** A heatmap, ready to be drawn. */
export interface DrawnHeatmap {
  /** 0–1. */
  readonly map: readonly (readonly number[])[];
  /** Why there is nothing to see, as a sentence; null when there is something. */
  readonly empty: string | null;
  /** The photo, its long side at most so many pixels. */
  photo(longSide: number): Promise<Raster>;
  readonly software: string;
  readonly settings: object;
  readonly title: string;
  readonly line: string;
}

/** Long side of a photo, at most. */
export const heatmapSide = 2048;
/** As in the lesson. */
const usualIntensity = 0.4;

/** The pictures of a heatmap; it has one address. */
export function heatmapPictures(found: DrawnHeatmap): Result {
  const drawing = overPhoto(found);
  const bytes = 8 * found.map.length * (found.map[0]?.length ?? 0);
  return { bytes, find: ([more]) => (more === undefined ? drawing : null) };
}

function overPhoto(found: DrawnHeatmap): Drawing {
  const { title, line, software } = found;
  return {
    notes: ({ colours = 'jet', intensity = usualIntensity, of = 'overlay' }) => {
      const empty = found.empty === null ? {} : { empty: found.empty };
      const about = { picture: 'class activation heatmap', ...found.settings, ...empty };
      const settings = { ...about, of, colours, intensity };
      return { title, software, settings };
    },
    raster: (options) => drawHeatmap(found, options),
    svg: async (options) => {
      const raster = await drawHeatmap(found, options);
      const { width, height, parts } = await titledPicture(raster, title, line, false);
      if (options.of === 'photo') return { width, height, parts };
      if (found.empty !== null) return { width, ...reason(found.empty, parts, width, height) };
      return { width, height: height + 40, parts: [...parts, ...(await legend(options, width, height))] };
    },
  };
}

async function drawHeatmap(found: DrawnHeatmap, options: DrawOptions): Promise<Raster> {
  const { colours = 'jet', intensity = usualIntensity, of = 'overlay', side } = options;
  const photo = await found.photo(Math.min(heatmapSide, side ?? heatmapSide));
  // Where there is nothing to see the photo stays as it is, without the blue that stands for 0.
  if (of === 'photo' || (of === 'overlay' && found.empty !== null)) return photo;
  const values = found.map.flat();
  const plain = { width: found.map[0].length, height: found.map.length, values };
  const map = enlargeMap(plain, photo.width, photo.height);
  return of === 'map' ? colourMap(map, colours) : addColours(photo, map, colours, intensity);
}

/** Why there is nothing to see, below the photo. */
function reason(sentence: string, parts: SvgPart[], width: number, top: number) {
  const lines = wrapWords(sentence, (width - 32) / 6.2);
  const texts = lines.map((text, i): SvgPart => {
    return { kind: 'text', x: 16, y: top + 4 + 17 * i, size: 12, text };
  });
  return { height: top + 17 * lines.length + 8, parts: [...parts, ...texts] };
}

/** From little to much. */
async function legend({ colours = 'jet' }: DrawOptions, width: number, top: number): Promise<SvgPart[]> {
  const values = Array.from({ length: 256 }, (_, i) => i / 255);
  const png = await encodePng(colourMap({ width: 256, height: 1, values }, colours), null);
  const bar = Math.min(220, width - 32);
  return [
    { kind: 'image', x: 16, y: top, width: bar, height: 10, png },
    { kind: 'text', x: 16, y: top + 25, size: 12, text: 'nothing' },
    { kind: 'text', x: 16 + bar, y: top + 25, size: 12, text: 'speaks most for the class', anchor: 'end' },
  ];
}
