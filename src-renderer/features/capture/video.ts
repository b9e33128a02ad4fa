/** Frames of a video file, decoded by the browser: opened once, then asked for by time. */
import { AppError } from '../../../src-main/contract/shared/errors.ts';

/** A video that can be played. */
export interface Video {
  readonly video: HTMLVideoElement;
  readonly name: string;
  /** Seconds. */
  readonly duration: number;
  readonly width: number;
  readonly height: number;
  close(): void;
}

/** A frame that does not come within so many milliseconds does not come at all. */
const patience = 15_000;

const mediaErrors: Readonly<Record<number, string>> = {
  1: 'it was interrupted',
  2: 'it could not be read to the end',
  3: 'its data is damaged or of a kind the browser does not know',
  4: 'the browser does not know this kind of video',
};

function unplayable(name: string, video: HTMLVideoElement, fallback = ''): AppError {
  const reason = mediaErrors[video.error?.code ?? 0] ?? fallback;
  return new AppError('VIDEO_UNPLAYABLE', { name, reason: reason || 'nothing came of it' });
}

/** Waits for an event of a video; its error or its silence is a refusal. */
function until(video: HTMLVideoElement, event: string, refused: () => AppError): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      video.removeEventListener(event, done);
      video.removeEventListener('error', fail);
    };
    const done = (): void => {
      end();
      resolve();
    };
    const fail = (): void => {
      end();
      reject(refused());
    };
    const timer = setTimeout(fail, patience);
    video.addEventListener(event, done, { once: true });
    video.addEventListener('error', fail, { once: true });
  });
}

/**
 * Opens a video file in a `<video>` element.
 * @throws AppError VIDEO_UNPLAYABLE
 */
export async function openVideo(video: HTMLVideoElement, file: File): Promise<Video> {
  const { name } = file;
  const address = URL.createObjectURL(file);
  const close = (): void => {
    // Another video may be in the element by now.
    if (video.src === address) {
      video.removeAttribute('src');
      video.load();
    }
    URL.revokeObjectURL(address);
  };
  try {
    video.muted = true;
    video.preload = 'auto';
    const opened = until(video, 'loadeddata', () => unplayable(name, video, 'it does not begin'));
    video.src = address;
    await opened;
    if (video.videoWidth === 0) throw unplayable(name, video, 'it has no picture');
    const duration = await durationOf(video, name);
    return { video, name, duration, width: video.videoWidth, height: video.videoHeight, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

/** Recordings from browsers do not contain their length; seeking past their end reveals it. */
async function durationOf(video: HTMLVideoElement, name: string): Promise<number> {
  if (Number.isFinite(video.duration)) return video.duration;
  const refused = (): AppError => unplayable(name, video, 'its length is unknown');
  const sought = until(video, 'seeked', refused);
  video.currentTime = 1e7;
  await sought;
  const end = Number.isFinite(video.duration) ? video.duration : video.currentTime;
  const back = until(video, 'seeked', refused);
  video.currentTime = 0;
  await back;
  return end;
}

/**
 * The moments at which frames are taken.
 * @param from first moment, seconds
 * @param to end of the range, seconds; nothing is taken at it
 * @param every seconds between two frames
 */
export function frameTimes(from: number, to: number, every: number): number[] {
  if (!(every > 0) || !(to > from)) return [];
  // A hair less than the exact number: 2 s at every 0.1 s are 20, whatever rounding says.
  const count = Math.max(1, Math.ceil((to - from) / every - 1e-6));
  return Array.from({ length: count }, (_, i) => from + i * every);
}

/** Brings a video to a moment and waits until the picture is there. @throws AppError VIDEO_FRAME_FAILED */
export async function seek({ video, name, duration }: Video, seconds: number): Promise<void> {
  const time = Math.min(seconds, Math.max(0, duration - 0.001));
  if (Math.abs(video.currentTime - time) < 1e-4 && video.readyState >= 2 && !video.seeking) return;
  const failed = (): AppError => new AppError('VIDEO_FRAME_FAILED', { name, seconds: seconds.toFixed(1) });
  const sought = until(video, 'seeked', failed);
  video.currentTime = time;
  await sought;
}
