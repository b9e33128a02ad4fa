/** Photos as grey planes in the page, and planes as pictures. */
import type { Plane } from './convolution.ts';

/** How a plane of responses becomes grey values. */
export type PlaneLook = 'picture' | 'relu' | 'signed' | 'strength';

/**
 * Reads a picture of this origin as grey values 0–1 (ITU-R BT.601 luma), its long side at most `side` pixels.
 * @throws DOMException when the browser cannot decode it
 */
export async function readPlane(address: string, side: number): Promise<Plane> {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const scale = Math.min(1, side / Math.max(picture.naturalWidth, picture.naturalHeight));
  const width = Math.max(1, Math.round(picture.naturalWidth * scale));
  const height = Math.max(1, Math.round(picture.naturalHeight * scale));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Float32Array(width * height);
  for (let i = 0; i < values.length; i++) {
    values[i] = (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]) / 255;
  }
  return { width, height, values };
}

/** Least and greatest value. */
export function rangeOf({ values }: Plane): { least: number; greatest: number } {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { least, greatest };
}

/**
 * Grey value 0–1 of a response. `picture`: as it is; `relu`: negative ones black, the greatest white; `signed`: zero
 * is middle grey; `strength`: how far from zero.
 */
export function greyOf(value: number, look: PlaneLook, largest: number): number {
  if (look === 'picture') return value;
  if (largest === 0) return look === 'signed' ? 0.5 : 0;
  if (look === 'relu') return Math.max(0, value) / largest;
  return look === 'signed' ? 0.5 + value / largest / 2 : Math.abs(value) / largest;
}

/** The strength that all but the strongest 0.5% of the places stay below: drawn white, so that few outliers do not darken the rest. */
function whiteOf({ values }: Plane, look: PlaneLook): number {
  const strengths = values.map((value) => (look === 'relu' ? Math.max(0, value) : Math.abs(value))).sort();
  const most = strengths[strengths.length - 1] ?? 0;
  return strengths[Math.floor(strengths.length * 0.995)] || most;
}

/** A plane as the address of a PNG. */
export function planePicture(plane: Plane, look: PlaneLook): string {
  const white = whiteOf(plane, look);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [plane.width, plane.height];
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(plane.width, plane.height);
  for (let i = 0; i < plane.values.length; i++) {
    const grey = Math.max(0, Math.min(255, Math.round(greyOf(plane.values[i], look, white) * 255)));
    image.data[4 * i] = image.data[4 * i + 1] = image.data[4 * i + 2] = grey;
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

/**
 * A picture file as an address that holds it, upright, its long side at most `side` pixels.
 * @throws DOMException when the browser cannot decode it
 */
export async function reducedPicture(file: File, side: number): Promise<string> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas.toDataURL(file.type === 'image/jpeg' ? 'image/jpeg' : 'image/png', 0.92);
}
