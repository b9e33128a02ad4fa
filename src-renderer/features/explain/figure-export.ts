/** Drawings of the page as files that stand alone: SVG and PNG, with their sentence and their settings below. */
import { download } from '../../shared/composables/download.ts';

/** The caption below an exported figure. */
export interface FigureCaption {
  readonly title: string;
  /** One sentence that explains the picture. */
  readonly sentence: string;
  /** What it was made with, e.g. `stride 2, padding same`. */
  readonly settings: string;
}

const namespace = 'http://www.w3.org/2000/svg';
const inlined = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'stroke-linejoin',
  'stroke-linecap',
  'opacity',
  'font-size',
  'font-weight',
  'font-style',
  'text-anchor',
  'dominant-baseline',
  'image-rendering',
  'mix-blend-mode',
] as const;

/** Computed styles become attributes: outside the page there are no style sheets and no CSS variables. */
function inlineStyles(source: Element, copy: Element): void {
  const style = getComputedStyle(source);
  for (const name of inlined) copy.setAttribute(name, style.getPropertyValue(name));
  for (const name of ['class', 'style', 'tabindex', 'role', 'aria-hidden']) copy.removeAttribute(name);
  [...source.children].forEach((child, i) => inlineStyles(child, copy.children[i]));
}

/** A picture of this origin as an address that holds it. Drawn, not fetched: files of the user may not be fetched. */
async function asDataAddress(address: string): Promise<string> {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
  canvas.getContext('2d')!.drawImage(picture, 0, 0);
  return canvas.toDataURL();
}

/** Pictures inside the drawing travel with it. */
async function embedImages(copy: Element): Promise<void> {
  for (const image of copy.querySelectorAll('image')) {
    const address = image.getAttribute('href') ?? '';
    if (address !== '' && !address.startsWith('data:'))
      image.setAttribute('href', await asDataAddress(address));
  }
}

/** Breaks a text into lines of at most about `length` characters. */
export function wrapText(text: string, length: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= length)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function element(name: string, attributes: Record<string, string | number>, text = ''): SVGElement {
  const made = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}

const margin = 24;
const lineHeight = 18;

interface Standalone {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/** Turns a drawing of the page into a standalone SVG document, with its background and caption. */
async function standalone(drawing: SVGSVGElement, caption: FigureCaption): Promise<Standalone> {
  const { width, height } = drawing.viewBox.baseVal;
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  inlineStyles(drawing, copy);
  await embedImages(copy);
  for (const [key, value] of Object.entries({ x: margin, y: margin, width, height })) {
    copy.setAttribute(key, String(value));
  }
  const body = getComputedStyle(document.body);
  const lines = [caption.sentence, caption.settings].flatMap((text) =>
    wrapText(text, Math.max(40, width / 6.6)),
  );
  const outerWidth = width + 2 * margin;
  const outerHeight = height + 3 * margin + (lines.length + 1) * lineHeight;
  const root = element('svg', {
    viewBox: `0 0 ${outerWidth} ${outerHeight}`,
    width: outerWidth,
    height: outerHeight,
    'font-family': "'Inter Variable', Inter, system-ui, sans-serif",
  });
  root.append(
    element('title', {}, caption.title),
    element('desc', {}, `${caption.sentence} ${caption.settings}`),
    element('rect', { width: outerWidth, height: outerHeight, fill: paint('var(--ui-bg)') }),
    copy,
  );
  const from = height + 2 * margin + lineHeight / 2;
  const write = (text: string, line: number, weight: number): void =>
    root.append(
      element(
        'text',
        { x: margin, y: from + line * lineHeight, fill: body.color, 'font-size': 13, 'font-weight': weight },
        text,
      ),
    );
  write(caption.title, 0, 600);
  lines.forEach((text, i) => write(text, i + 1, 400));
  return { text: new XMLSerializer().serializeToString(root), width: outerWidth, height: outerHeight };
}

function paint(value: string): string {
  const probe = document.createElement('span');
  probe.style.color = value;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function fileName(title: string, extension: string): string {
  return `${title.replace(/[\\/:*?"<>|]+/g, ' ').trim()}.${extension}`;
}

/** Offers a drawing as SVG. */
export async function saveSvg(drawing: SVGSVGElement, caption: FigureCaption): Promise<void> {
  const { text } = await standalone(drawing, caption);
  download(fileName(caption.title, 'svg'), new Blob([text], { type: 'image/svg+xml' }));
}

/** Offers a drawing as PNG, two pixels for each of the page's. */
export async function savePng(drawing: SVGSVGElement, caption: FigureCaption): Promise<void> {
  const { text, width, height } = await standalone(drawing, caption);
  const address = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [Math.round(width * 2), Math.round(height * 2)];
    canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
    if (png !== null) download(fileName(caption.title, 'png'), png);
  } finally {
    URL.revokeObjectURL(address);
  }
}
