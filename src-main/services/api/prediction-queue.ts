/** Photos of many requests, predicted together: what waits while the engine is busy goes to it at once. */
import { AppError } from '../../contract/shared/errors.ts';
import type { Prediction } from '../../contract/app/training.ts';

/** Predicts files, in their order. */
export type PredictFiles = (paths: readonly string[], signal: AbortSignal) => AsyncIterable<Prediction>;

interface Waiting {
  readonly path: string;
  readonly signal: AbortSignal;
  resolve(prediction: Prediction): void;
  reject(error: unknown): void;
}

/** How much is taken in. */
export interface QueueLimits {
  /** Photos that may wait. */
  readonly waiting: number;
  /** Photos predicted at once. */
  readonly together: number;
}

export class PredictionQueue {
  readonly #predict: PredictFiles;
  readonly #limits: QueueLimits;
  readonly #waiting: Waiting[] = [];
  readonly #end = new AbortController();
  #running: Promise<void> | null = null;
  /** How many photos went to the engine at once, each time. */
  readonly onBatch: (photos: number) => void;

  constructor(predict: PredictFiles, limits: QueueLimits, onBatch: (photos: number) => void) {
    this.#predict = predict;
    this.#limits = limits;
    this.onBatch = onBatch;
  }

  /** Photos that wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Predicts the photos of one request.
   * @throws AppError API_BUSY when too many wait, CANCELLED, BACKEND_…
   */
  async predict(paths: readonly string[], signal: AbortSignal): Promise<Prediction[]> {
    if (this.#waiting.length + paths.length > this.#limits.waiting) throw new AppError('API_BUSY');
    const answers = paths.map(
      (path) =>
        new Promise<Prediction>((resolve, reject) => this.#waiting.push({ path, signal, resolve, reject })),
    );
    const all = Promise.all(answers);
    all.catch(() => undefined);
    this.#running ??= this.#run();
    return all;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Requests that arrive in the same moment belong together.
      await new Promise((resolve) => setImmediate(resolve));
      const batch = this.#waiting.splice(0, this.#limits.together);
      for (const gone of batch.filter(({ signal }) => signal.aborted)) gone.reject(new AppError('CANCELLED'));
      const wanted = batch.filter(({ signal }) => !signal.aborted);
      if (wanted.length > 0) await this.#answer(wanted);
    }
    // In the same breath as the look at the queue: what comes now begins anew.
    this.#running = null;
  }

  async #answer(batch: readonly Waiting[]): Promise<void> {
    this.onBatch(batch.length);
    let done = 0;
    try {
      const paths = batch.map(({ path }) => path);
      for await (const prediction of this.#predict(paths, this.#end.signal))
        batch[done++]?.resolve(prediction);
      throw new AppError('CANCELLED');
    } catch (error) {
      for (const left of batch.slice(done)) left.reject(error);
    }
  }

  /** Waits for what was taken in. */
  async drain(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  /** Ends what is under way. */
  cancel(): void {
    this.#end.abort();
  }
}
