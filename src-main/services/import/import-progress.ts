import type { Progress } from '../../contract/shared/vocabulary.ts';

const windowMilliseconds = 5_000;

/** Counts finished items, with the rate and the time left from the last seconds. */
export class ImportProgress {
  #phase = 'scanning';
  #done = 0;
  #total: number | null = null;
  #marks: { at: number; done: number }[] = [];

  /** Begins a phase. @param total number of items, null while unknown */
  begin(phase: string, total: number | null): void {
    this.#phase = phase;
    this.#total = total;
    this.#done = 0;
    this.#marks = [];
  }

  /** Notes how far a phase is, and begins it when it is another than the one before. */
  report(phase: string, done: number, total: number): void {
    if (phase !== this.#phase) this.begin(phase, total);
    this.advanceTo(done);
  }

  /** Notes how many items are done. */
  advanceTo(done: number, now = performance.now()): void {
    this.#done = done;
    // More can come than was counted: one idx file is thousands of images.
    if (this.#total !== null) this.#total = Math.max(this.#total, done);
    const last = this.#marks.at(-1);
    if (last !== undefined && now - last.at < 100) return;
    this.#marks.push({ at: now, done });
    while (this.#marks.length > 2 && now - this.#marks[0].at > windowMilliseconds) this.#marks.shift();
  }

  get done(): number {
    return this.#done;
  }

  /** The state to show. */
  read(now = performance.now()): Progress {
    const first = this.#marks[0];
    const seconds = first === undefined ? 0 : (now - first.at) / 1000;
    const rate = seconds > 0.2 ? (this.#done - first.done) / seconds : 0;
    const left = this.#total === null ? null : this.#total - this.#done;
    return {
      phase: this.#phase,
      done: this.#done,
      total: this.#total,
      rate,
      secondsLeft: left === null || rate === 0 ? null : left / rate,
    };
  }
}
