/** Frames of a video file into the project: opened, planned, taken one by one, imported as one set. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { ErrorData } from '../../../src-main/contract/app/index.ts';
import { AppError, throwIfCancelled } from '../../../src-main/contract/shared/errors.ts';
import { announce } from '../../shared/composables/announce.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { framesName, shotName } from '../../shared/text/capture-names.ts';
import { type Video, frameTimes, openVideo, seek } from './video.ts';
import { drawFrame, encodeFrame, smallAddress } from '../../shared/camera/frame-picture.ts';
import { useCapturesStore } from './store.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useVideoText as text } from './text.ts';

/** Thumbnails that are kept for the strip. */
const maxThumbnails = 60;

/** What is to be taken. */
export interface VideoPlan {
  readonly from: number;
  readonly to: number;
  /** Seconds between two frames. */
  readonly every: number;
  readonly label: string | null;
}

/** What became of a video. */
export interface VideoOutcome {
  readonly frames: number;
  readonly label: string | null;
  /** How the frames' names begin. */
  readonly name: string;
}

/** Takes frames of videos while the calling component lives. */
export function useVideo() {
  const captures = useCapturesStore();
  const video = shallowRef<Video | null>(null);
  const opening = ref(false);
  const failure = shallowRef<ErrorData | null>(null);
  const progress = shallowRef<{ done: number; total: number } | null>(null);
  const outcome = shallowRef<VideoOutcome | null>(null);
  const thumbnails = shallowRef<string[]>([]);
  /** All frames are taken and on their way into the project: now it is too late to cancel. */
  const importing = ref(false);
  const working = computed(() => progress.value !== null || importing.value);
  const takings = useLatest();
  const openings = useLatest();

  function clearThumbnails(): void {
    for (const address of thumbnails.value) URL.revokeObjectURL(address);
    thumbnails.value = [];
  }

  /** Opens a file in an element; what is wrong with it is in `failure`. */
  async function open(element: HTMLVideoElement, file: File): Promise<void> {
    close();
    const { signal } = openings;
    opening.value = true;
    try {
      const opened = await openVideo(element, file);
      if (!signal.aborted) video.value = opened;
      else opened.close();
    } catch (thrown) {
      if (!signal.aborted) failure.value = failureOf(thrown);
    } finally {
      if (!signal.aborted) opening.value = false;
    }
  }

  /** One frame, as a JPEG and as a thumbnail for the strip. */
  async function frameAt(of: Video, seconds: number): Promise<Blob> {
    await seek(of, seconds);
    const canvas = drawFrame(of.video);
    const picture = canvas && (await encodeFrame(canvas));
    if (canvas === null || picture === null)
      throw new AppError('VIDEO_FRAME_FAILED', { name: of.name, seconds: seconds.toFixed(1) });
    const small = await smallAddress(canvas);
    if (thumbnails.value.length >= maxThumbnails) URL.revokeObjectURL(thumbnails.value[0]);
    thumbnails.value = [...thumbnails.value, small].slice(-maxThumbnails);
    return picture;
  }

  async function takeAll(of: Video, plan: VideoPlan, signal: AbortSignal): Promise<VideoOutcome> {
    const times = frameTimes(plan.from, plan.to, plan.every);
    const name = framesName(of.name);
    const set = await captures.begin(text.of(times.length, of.name), plan.label);
    try {
      for (const [i, seconds] of times.entries()) {
        throwIfCancelled(signal);
        await set.send(shotName(name, i + 1), await frameAt(of, seconds), signal);
        progress.value = { done: i + 1, total: times.length };
      }
      throwIfCancelled(signal);
    } catch (thrown) {
      await captures.discard(set.upload);
      throw thrown;
    }
    importing.value = true;
    const { added, known } = await captures.importSet(set.upload);
    return { frames: added + known, label: plan.label, name };
  }

  /** Takes the frames; they are in the project when it ends well, and none of them otherwise. */
  async function take(plan: VideoPlan): Promise<void> {
    if (video.value === null || working.value) return;
    failure.value = null;
    outcome.value = null;
    clearThumbnails();
    const signal = takings.begin();
    progress.value = { done: 0, total: frameTimes(plan.from, plan.to, plan.every).length };
    try {
      outcome.value = await takeAll(video.value, plan, signal);
      const { frames, label } = outcome.value;
      announce(text.outcome(frames, label === null ? text.withoutClass : text.inLabel(label)));
    } catch (thrown) {
      failure.value = failureOf(thrown);
      if (failure.value === null) announce(text.cancelledNoFrameWasKept);
    } finally {
      progress.value = null;
      importing.value = false;
    }
  }

  const { cancel } = takings;

  function close(): void {
    openings.cancel();
    cancel();
    video.value?.close();
    video.value = null;
    opening.value = false;
    failure.value = null;
    outcome.value = null;
    clearThumbnails();
  }

  onScopeDispose(close);
  return { video, opening, failure, progress, importing, outcome, thumbnails, working, open, take, cancel };
}
