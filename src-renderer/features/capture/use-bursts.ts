/** Bursts of the camera: photos are taken while a key or button is held, sent at once, imported when it is let go. */
import { useEventListener } from '@vueuse/core';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { ErrorData } from '../../../src-main/contract/app/index.ts';
import { announce } from '../../shared/composables/announce.ts';
import type { Camera } from '../../shared/camera/camera.ts';
import { burstName, shotName } from '../../shared/text/capture-names.ts';
import { type CaptureSet, useCapturesStore } from './store.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useBurstsText as text } from './text.ts';

/** Photos that were taken in one go. */
export interface Burst {
  /** How the names of its photos begin. */
  readonly name: string;
  /** Their class; null: none. */
  readonly label: string | null;
  readonly thumbnails: readonly { readonly number: number; readonly address: string }[];
  readonly taken: number;
  readonly sent: number;
  /** `taking` while held; `undone`: left out again. */
  readonly state: 'taking' | 'saving' | 'saved' | 'failed' | 'undone';
}
type Changing = { -readonly [Key in keyof Burst]: Burst[Key] };

/** Photos on their way to the disk at most; beyond it the camera waits for them. */
const maxInFlight = 24;
/** Thumbnails that are kept for the strip. */
const maxThumbnails = 120;

/**
 * Takes bursts from a camera while the calling component lives.
 * @param settings the rate in photos a second, and the class of the next burst
 */
export function useBursts(camera: Camera, settings: { rate(): number; label(): string | null }) {
  const captures = useCapturesStore();
  /** As they are worked on; shown are copies, so that what shows them sees that they changed. */
  let all: Changing[] = [];
  const bursts = shallowRef<readonly Burst[]>([]);
  const failure = shallowRef<ErrorData | null>(null);
  const held = ref(false);
  const working = new Set<Promise<void>>();

  const show = (): void => {
    bursts.value = all.map((burst) => ({ ...burst }));
  };
  const change = (burst: Changing, part: Partial<Changing>): void => {
    Object.assign(burst, part);
    show();
  };

  function forget(burst: Changing): void {
    for (const { address } of burst.thumbnails) if (address !== '') URL.revokeObjectURL(address);
    burst.thumbnails = [];
  }
  function trim(): void {
    let kept = 0;
    for (const burst of all.toReversed()) {
      const room = Math.max(0, maxThumbnails - kept);
      const gone = burst.thumbnails.slice(0, Math.max(0, burst.thumbnails.length - room));
      for (const { address } of gone) URL.revokeObjectURL(address);
      burst.thumbnails = burst.thumbnails.slice(gone.length);
      kept += burst.thumbnails.length;
    }
  }

  /** One photo: from the camera to the disk. */
  async function shoot(burst: Changing, set: Promise<CaptureSet>): Promise<void> {
    const photo = await camera.photo({ square: camera.square.value, small: true });
    if (photo === null) return;
    const number = burst.taken + 1;
    Object.assign(burst, {
      taken: number,
      thumbnails: [...burst.thumbnails, { number, address: photo.small }],
    });
    trim();
    show();
    await (await set).send(shotName(burst.name, number), photo.picture);
    change(burst, { sent: burst.sent + 1 });
  }

  async function take(burst: Changing): Promise<void> {
    const set = captures.begin(text.camera, burst.label);
    const onTheWay = new Set<Promise<void>>();
    let broken: unknown = null;
    let due = performance.now();
    while (held.value && camera.ready.value && broken === null) {
      const shot = shoot(burst, set)
        .catch((thrown: unknown) => (broken = thrown))
        .finally(() => onTheWay.delete(shot)) as Promise<void>;
      onTheWay.add(shot);
      if (onTheWay.size >= maxInFlight) await Promise.race(onTheWay);
      // When it cannot keep up, the next photo is due from now on instead of catching up.
      due = Math.max(due + 1000 / settings.rate(), performance.now());
      await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
    }
    held.value = false;
    change(burst, { state: 'saving' });
    await Promise.all(onTheWay);
    if (broken !== null) failure.value = failureOf(broken);
    await finish(burst, set);
  }

  async function finish(burst: Changing, begun: Promise<CaptureSet>): Promise<void> {
    try {
      const { upload } = await begun;
      if (burst.sent === 0) {
        await captures.discard(upload);
        all = all.filter((one) => one !== burst);
        show();
        return;
      }
      await captures.importSet(upload);
      change(burst, { state: 'saved' });
      announce(
        text.outcome(burst.sent, burst.label === null ? text.withoutClass : text.inLabel(burst.label)),
      );
    } catch (thrown) {
      failure.value = failureOf(thrown);
      change(burst, { state: 'failed' });
    }
  }

  function hold(): void {
    if (held.value || !camera.ready.value) return;
    failure.value = null;
    held.value = true;
    const begun = new Date();
    const empty = { thumbnails: [], taken: 0, sent: 0, state: 'taking' as const };
    const burst: Changing = { name: burstName(begun), label: settings.label(), ...empty };
    all = [...all, burst];
    show();
    const work = take(burst).finally(() => working.delete(work));
    working.add(work);
  }
  const release = (): void => {
    held.value = false;
  };
  // The release of a key in another window is not reported.
  useEventListener(window, 'blur', release);

  const isUndoable = ({ state }: Burst): boolean => state !== 'undone' && state !== 'failed';
  const last = computed(() => bursts.value.findLast(isUndoable) ?? null);
  /** Leaves the photos of the last burst out. */
  async function undo(): Promise<void> {
    const burst = all.findLast(isUndoable);
    if (burst === undefined || held.value) return;
    // What is on its way arrives first.
    await Promise.allSettled(working);
    if (burst.state !== 'saved') return;
    if ((await captures.leaveOut(burst.name)) === null) return;
    change(burst, { state: 'undone' });
    announce(text.leftOut(burst.sent));
  }

  onScopeDispose(() => {
    release();
    for (const burst of all) forget(burst);
  });
  return { bursts, last, held, failure, hold, release, undo };
}
