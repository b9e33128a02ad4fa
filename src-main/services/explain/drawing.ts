/** What can be drawn of a result. */
import type { PictureOptions } from '../../contract/app/explain.ts';
import { type PictureNotes, type Raster, encodePng } from './raster.ts';
import { type SvgPart, svgDocument } from './svg.ts';

/** How a picture is wanted. */
export type DrawOptions = Pick<PictureOptions, 'colours' | 'intensity' | 'of' | 'side'>;

/** One picture of a result. */
export interface Drawing {
  /** What is written into it. */
  notes(options: DrawOptions): PictureNotes;
  raster(options: DrawOptions): Promise<Raster>;
  /** The document's size and parts. */
  svg(options: DrawOptions): Promise<{ width: number; height: number; parts: SvgPart[] }>;
}

/** A picture in a file format. */
export interface DrawnFile {
  readonly bytes: Buffer;
  readonly type: 'image/png' | 'image/svg+xml';
}

/** Draws a picture as a file. */
export async function draw(
  drawing: Drawing,
  format: 'png' | 'svg',
  options: DrawOptions,
): Promise<DrawnFile> {
  const notes = drawing.notes(options);
  if (format === 'svg') {
    const { width, height, parts } = await drawing.svg(options);
    return { bytes: Buffer.from(svgDocument(width, height, parts, notes)), type: 'image/svg+xml' };
  }
  const bytes = await encodePng(await drawing.raster(options), notes, options.side);
  return { bytes, type: 'image/png' };
}

/** A document with one picture under a title and a line about it. */
export async function titledPicture(
  raster: Raster,
  title: string,
  line: string,
  crisp: boolean,
): Promise<{ width: number; height: number; parts: SvgPart[] }> {
  const [edge, head] = [16, 64];
  const factor = Math.max(1, Math.floor(480 / raster.width));
  const [width, height] = [raster.width * factor, raster.height * factor];
  const png = await encodePng(raster, null);
  return {
    width: width + 2 * edge,
    height: height + head + edge,
    parts: [
      { kind: 'text', x: edge, y: 30, size: 18, text: title, bold: true },
      { kind: 'text', x: edge, y: 52, size: 13, text: line },
      { kind: 'image', x: edge, y: head, width, height, png, crisp },
    ],
  };
}
