/** Pictures as SVG: the pixels inside as PNG, captions as text, settings as metadata. */
import type { PictureNotes } from './raster.ts';

/** A picture put somewhere. */
export interface SvgImage {
  readonly kind: 'image';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly png: Buffer;
  /** Squares stay squares when it is enlarged. */
  readonly crisp?: boolean;
}

/** A line of text; `y` is its base line. */
export interface SvgText {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly text: string;
  readonly bold?: boolean;
  readonly anchor?: 'start' | 'middle' | 'end';
}

/** What a document is made of. */
export type SvgPart = SvgImage | SvgText;

/** Text within XML. */
export function escapeXml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return (
    text
      .replace(/[&<>"]/g, (letter) => entities[letter])
      // Control characters are not allowed in XML at all.
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
  );
}

/** Lines of at most so many letters; a longer word gets a separate line. */
export function wrapWords(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < letters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function drawPart(part: SvgPart): string {
  const { x, y } = part;
  if (part.kind === 'image') {
    const { width, height, png, crisp = false } = part;
    const style = crisp ? ' style="image-rendering:pixelated"' : '';
    const href = `data:image/png;base64,${png.toString('base64')}`;
    return `<image x="${x}" y="${y}" width="${width}" height="${height}" preserveAspectRatio="none"${style} href="${href}"/>`;
  }
  const { size, text, bold = false, anchor = 'start' } = part;
  const look = `font-size="${size}" text-anchor="${anchor}"${bold ? ' font-weight="600"' : ''}`;
  return `<text x="${x}" y="${y}" ${look}>${escapeXml(text)}</text>`;
}

/** An SVG document on white. */
export function svgDocument(
  width: number,
  height: number,
  parts: readonly SvgPart[],
  { title, software, settings }: PictureNotes,
): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, Helvetica, Arial, DejaVu Sans, sans-serif" fill="#1c1917">
<title>${escapeXml(title)}</title>
<metadata><lenslet:picture xmlns:lenslet="urn:lenslet:picture" software="${escapeXml(software)}">${escapeXml(JSON.stringify(settings))}</lenslet:picture></metadata>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${parts.map(drawPart).join('\n')}
</svg>
`;
}
