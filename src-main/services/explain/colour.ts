/** Numbers as colours. */
import { type ColourMap, colourMaps } from '../../engine/interpretation/heatmaps/colour-maps.ts';
import { resizeMap } from '../../engine/interpretation/heatmaps/resize-map.ts';
import type { Raster } from './raster.ts';

/** Numbers from 0 to 1, row by row. */
export interface PlainMap {
  readonly width: number;
  readonly height: number;
  readonly values: ArrayLike<number>;
}

/** The place of a number from 0 to 1 among 256 colours, as the lesson's `np.uint8(255 * heatmap)`. */
function level(value: number): number {
  return Math.min(255, Math.max(0, Math.floor(255 * value)));
}

/** Each number as a pixel. */
export function colourMap({ width, height, values }: PlainMap, colours: ColourMap): Raster {
  const table = colourMaps[colours];
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const from = 3 * level(values[i]);
    data.set(table.subarray(from, from + 3), 3 * i);
  }
  return { width, height, channels: 3, data };
}

/** A map at another size, its values in between computed. */
export function enlargeMap({ width, height, values }: PlainMap, toWidth: number, toHeight: number): PlainMap {
  return {
    width: toWidth,
    height: toHeight,
    values: resizeMap(values, height, width, toHeight, toWidth),
  };
}

/** The lesson's overlay: the photo plus the map's colours times `intensity`, clipped. Of the same size. */
export function addColours(photo: Raster, map: PlainMap, colours: ColourMap, intensity: number): Raster {
  return blend(photo, map, colours, (pixel, colour) => Math.min(255, pixel + colour * intensity));
}

/** The photo seen through the map's colours. @param opacity 0–1 */
export function coverWithColours(photo: Raster, map: PlainMap, colours: ColourMap, opacity: number): Raster {
  return blend(photo, map, colours, (pixel, colour) => pixel * (1 - opacity) + colour * opacity);
}

function blend(
  photo: Raster,
  { values }: PlainMap,
  colours: ColourMap,
  mix: (pixel: number, colour: number) => number,
): Raster {
  const table = colourMaps[colours];
  const { width, height, channels } = photo;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const colour = 3 * level(values[i]);
    for (let c = 0; c < 3; c++) data[3 * i + c] = mix(photo.data[channels * i + c], table[colour + c]);
  }
  return { width, height, channels: 3, data };
}
