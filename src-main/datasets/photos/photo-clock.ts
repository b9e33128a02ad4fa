/**
 * What a photo thread is at, and since when: in memory that the main thread sees too, as a thread that hangs in a
 * decoder or waits for a drive says nothing.
 */

const stages = ['waiting', 'reading', 'decoding'] as const;
/** `waiting`: behind others of the same thread. They come in this order. */
export type PhotoStage = (typeof stages)[number];

/** One number, so that stage and time are never of different moments: nanoseconds times four, plus the stage. */
export type PhotoClock = BigInt64Array<SharedArrayBuffer>;

/** Milliseconds that a stage may take; what waits is not at fault. */
export type StageLimits = Readonly<Record<Exclude<PhotoStage, 'waiting'>, number>>;

/** Makes a clock of a photo that waits. */
export function startClock(): PhotoClock {
  const clock = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
  enterStage(clock, 'waiting');
  return clock;
}

/** Notes, in any thread, that a stage begins now. */
export function enterStage(clock: PhotoClock, stage: PhotoStage): void {
  // The system's clock that never jumps: the same in all threads.
  Atomics.store(clock, 0, process.hrtime.bigint() * 4n + BigInt(stages.indexOf(stage)));
}

/** The stage, and how many milliseconds it has lasted. */
export function readClock(clock: PhotoClock): { stage: PhotoStage; milliseconds: number } {
  const value = Atomics.load(clock, 0);
  const milliseconds = Number(process.hrtime.bigint() - value / 4n) / 1e6;
  return { stage: stages[Number(value % 4n)], milliseconds };
}

/** A clock being watched. */
export interface ClockWatch {
  /** Aborted when a stage takes too long. */
  readonly signal: AbortSignal;
  /** The stage that took too long; null while none did. */
  readonly overdue: PhotoStage | null;
  stop(): void;
}

/** Watches a clock until it is told to stop. */
export function watchClock(clock: PhotoClock, limits: StageLimits): ClockWatch {
  const controller = new AbortController();
  let overdue: PhotoStage | null = null;
  let timer: NodeJS.Timeout;
  const look = (): void => {
    const { stage, milliseconds } = readClock(clock);
    const left = stage === 'waiting' ? limits.decoding : limits[stage] - milliseconds;
    if (left > 0) {
      lookAgain(left);
      return;
    }
    overdue = stage;
    controller.abort();
  };
  const lookAgain = (milliseconds: number): void => {
    // Rounded up: a moment too early would look again at once.
    timer = setTimeout(look, Math.ceil(milliseconds));
    timer.unref();
  };
  lookAgain(Math.min(...Object.values(limits)));
  return {
    signal: controller.signal,
    get overdue() {
      return overdue;
    },
    stop: () => clearTimeout(timer),
  };
}
