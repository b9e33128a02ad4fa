/** The pattern of checks that judge each photo by its measurements. */
import type { CheckContext, Found } from './check.ts';
import type { CheckedPhoto } from '../../project/images/checked-photos.ts';
import type { SignalNumbers } from './measure/signal-store.ts';

/** One finding for each photo that `judge` has something to say about. */
export async function eachPhoto(
  context: CheckContext,
  judge: (photo: CheckedPhoto, signals: SignalNumbers) => { message: string; score: number } | null,
): Promise<Found[]> {
  const signals = await context.signals();
  const found: Found[] = [];
  context.photos.forEach((photo, at) => {
    if (at % 5000 === 0) context.progress(at, context.photos.length);
    const numbers = signals[at];
    const verdict = numbers === null ? null : judge(photo, numbers);
    if (verdict !== null) found.push({ ...verdict, photos: [photo] });
  });
  return found;
}

/** 0 at `start`, 1 at `end` and beyond. */
export function ramp(value: number, start: number, end: number): number {
  return Math.min(1, Math.max(0, (value - start) / (end - start)));
}
