/** What a network predicts for the camera's picture, up to 25 times a second: always the newest frame, one at a time. */
import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { ErrorData, Prediction } from '../../../src-main/contract/app/index.ts';
import { api, sendPicture } from '../../client/index.ts';
import type { Camera } from '../../shared/camera/camera.ts';
import { smoothPrediction } from './smooth-predictions.ts';
import { failureOf } from '../../shared/project/failures.ts';

/** Minimum milliseconds from one frame to the next. */
const pace = 40;
/** Frames on their way at once: one is taken and sent while the network looks at the one before. */
const ahead = 2;
/** Networks see no more than a few hundred pixels. */
const longest = 640;
const path = 'camera.jpg';

/** A prediction with the frame it is about. */
export interface LivePrediction extends Prediction {
  /** Address of the frame. */
  readonly preview: string;
  /** The whole frame. */
  readonly picture: Blob;
  /** From the moment of the frame to the answer, milliseconds. */
  readonly took: number;
}

/**
 * Predicts while the camera is on and the calling component lives.
 * @param run the run that predicts; null: none
 */
export function useLivePredictions(camera: Camera, run: () => string | null) {
  const newest = shallowRef<LivePrediction | null>(null);
  const failure = shallowRef<ErrorData | null>(null);
  /** The picture stands still, so that it can be examined. */
  const paused = ref(false);
  let ended = false;
  let working = false;
  /** When the frame before was taken. */
  let lastBegan = 0;

  function show(next: LivePrediction | null): void {
    if (newest.value !== null) URL.revokeObjectURL(newest.value.preview);
    newest.value = next;
  }

  /** Always the same file: frames are not kept. */
  async function look(upload: string): Promise<void> {
    const id = run();
    const photo = await camera.photo({ square: camera.square.value, longest });
    if (photo === null || id === null) return;
    const began = performance.now();
    await sendPicture(upload, path, photo.picture);
    const [prediction] = await api.training.predict({ run: id, uploads: [upload] });
    // Frames overtake each other, and one that was on its way when the picture was to stand still comes too late.
    const isLate = ended || paused.value || began < lastBegan;
    if (isLate || run() !== id || prediction === undefined) return;
    const preview = URL.createObjectURL(photo.picture);
    const steady = smoothPrediction(newest.value, prediction, began - lastBegan);
    lastBegan = began;
    show({ ...steady, preview, picture: photo.picture, took: performance.now() - began });
  }

  /** Looks at one frame after another until the camera is off. @throws AppError */
  async function followAlone(): Promise<void> {
    const { id: upload } = await api.datasets.beginUpload({ name: 'the live camera' });
    try {
      while (!ended && camera.ready.value && failure.value === null) {
        const next = performance.now() + pace * ahead;
        if (!paused.value) await look(upload);
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
      }
    } finally {
      await api.datasets.discardUpload({ id: upload }).catch(() => undefined);
    }
  }

  async function follow(): Promise<void> {
    if (working) return;
    working = true;
    const lanes = Array.from({ length: ahead }, () =>
      followAlone().catch((thrown: unknown) => (failure.value ??= failureOf(thrown))),
    );
    await Promise.all(lanes);
    working = false;
  }

  function begin(): void {
    failure.value = null;
    void follow();
  }
  watch(camera.ready, (on) => {
    if (on) begin();
  });
  watch(run, () => show(null));
  onScopeDispose(() => {
    ended = true;
    show(null);
  });
  return { newest, failure, paused, begin };
}
