/** Frames of a playing or standing <video> as JPEGs. */

/** Which part of a frame, and how large. */
export interface FrameOptions {
  /** The square in the middle. */
  readonly square?: boolean;
  /** The long side is made smaller than this; never larger. */
  readonly longest?: number;
}

/** Small enough for ten per second, large enough for any network. */
export const usualLongest = 1920;
const quality = 0.92;

/** The part of a frame that is taken and the size it gets, in pixels. */
export function frameShape(
  width: number,
  height: number,
  { square = false, longest = usualLongest }: FrameOptions,
): { left: number; top: number; width: number; height: number; toWidth: number; toHeight: number } {
  const side = Math.min(width, height);
  const [partWidth, partHeight] = square ? [side, side] : [width, height];
  const scale = Math.min(1, longest / Math.max(partWidth, partHeight));
  return {
    left: Math.floor((width - partWidth) / 2),
    top: Math.floor((height - partHeight) / 2),
    width: partWidth,
    height: partHeight,
    toWidth: Math.max(1, Math.round(partWidth * scale)),
    toHeight: Math.max(1, Math.round(partHeight * scale)),
  };
}

/** The frame that a video shows now, as it is drawn at once. @returns null when it shows none */
export function drawFrame(video: HTMLVideoElement, options: FrameOptions = {}): HTMLCanvasElement | null {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0 || videoHeight === 0) return null;
  const shape = frameShape(videoWidth, videoHeight, options);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [shape.toWidth, shape.toHeight];
  const { left, top, width, height, toWidth, toHeight } = shape;
  canvas.getContext('2d')!.drawImage(video, left, top, width, height, 0, 0, toWidth, toHeight);
  return canvas;
}

/** A drawn frame as JPEG; null when the browser has no memory for it. */
export function encodeFrame(canvas: HTMLCanvasElement): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
}

/** A thumbnail as an address; the caller gives it back with `URL.revokeObjectURL`. */
export async function smallAddress(canvas: HTMLCanvasElement, height = 96): Promise<string> {
  const small = document.createElement('canvas');
  [small.width, small.height] = [Math.max(1, Math.round((canvas.width / canvas.height) * height)), height];
  small.getContext('2d')!.drawImage(canvas, 0, 0, small.width, small.height);
  const blob = await new Promise<Blob | null>((resolve) => small.toBlob(resolve, 'image/jpeg', 0.8));
  return blob === null ? '' : URL.createObjectURL(blob);
}
