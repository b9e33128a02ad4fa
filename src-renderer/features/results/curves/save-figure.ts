/** Figures as files: SVG as it is drawn, with its colours, and PNG made of that. */

/** What a style sheet gives a drawing, and a file of its own has to carry. */
const carried = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-size',
  'font-family',
  'text-anchor',
];

/** The drawing as the text of an SVG file, on a background. */
export function svgText(drawing: SVGSVGElement, background: string): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const shown = [drawing, ...drawing.querySelectorAll<SVGElement>('*')];
  const copied = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  for (const [index, element] of shown.entries()) {
    const style = getComputedStyle(element);
    copied[index].removeAttribute('class');
    for (const name of carried) copied[index].setAttribute(name, style.getPropertyValue(name));
  }
  const { width, height } = drawing.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', background);
  copy.prepend(ground);
  return new XMLSerializer().serializeToString(copy);
}

/** An SVG as PNG, three pixels for each of its units; null where the browser could not draw it. */
export async function pngOf(svg: string, width: number, height: number): Promise<Blob | null> {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const canvas = document.createElement('canvas');
  canvas.width = 3 * width;
  canvas.height = 3 * height;
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve));
}
