/** Counting right and wrong answers. */

/** Running means over images, as Keras shows them while an epoch runs. */
export class RunningMean {
  #loss = 0;
  #right = 0;
  #images = 0;

  /** Adds a batch: the sum of its losses and the number of right answers among `images`. */
  add(lossSum: number, right: number, images: number): void {
    this.#loss += lossSum;
    this.#right += right;
    this.#images += images;
  }

  get images(): number {
    return this.#images;
  }
  get loss(): number | null {
    return this.#images === 0 ? null : this.#loss / this.#images;
  }
  get accuracy(): number | null {
    return this.#images === 0 ? null : this.#right / this.#images;
  }

  /** The sums, to be kept in a checkpoint. */
  save(): [loss: number, right: number, images: number] {
    return [this.#loss, this.#right, this.#images];
  }

  /** Goes on from saved sums. */
  static from([loss, right, images]: readonly [number, number, number]): RunningMean {
    const mean = new RunningMean();
    mean.add(loss, right, images);
    return mean;
  }
}

/** An empty confusion matrix. Rows: true class, columns: predicted class. */
export function emptyConfusion(classes: number): number[][] {
  return Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
}

/** One class's share of a confusion matrix. */
export interface ClassScore {
  /** Of the images called this class, how many are; 0 when none was. */
  readonly precision: number;
  /** Of the images of this class, how many were found; null when there are none. */
  readonly recall: number | null;
  /** Images of this class. */
  readonly support: number;
}

/** Precision and recall of every class. */
export function scoreClasses(confusion: readonly (readonly number[])[]): ClassScore[] {
  return confusion.map((row, index) => {
    const right = row[index];
    const support = row.reduce((sum, count) => sum + count, 0);
    const called = confusion.reduce((sum, other) => sum + other[index], 0);
    return {
      precision: called === 0 ? 0 : right / called,
      recall: support === 0 ? null : right / support,
      support,
    };
  });
}
