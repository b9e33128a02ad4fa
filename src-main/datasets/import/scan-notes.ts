/** What a scan passed over or could not place, counted, to be said when the import is over. */
import { AppError } from '../../contract/shared/errors.ts';
import { listNames } from '../label-files/list-names.ts';

/** Collects while sources are scanned. */
export class ScanNotes {
  readonly #system = new Map<string, number>();
  readonly #beside = new Map<string, number>();
  readonly #inside = new Set<string>();
  readonly #lists = new Set<string>();
  #rawTwins = 0;

  /** Folders of the system. */
  passedOver(names: readonly string[]): void {
    for (const name of names) increase(this.#system, name);
  }

  /** A file in a folder beside split folders. */
  besideSplits(folder: string): void {
    increase(this.#beside, folder);
  }

  /** Folders with the names of splits inside of class folders that were not read as splits. */
  splitsInside(names: Iterable<string>): void {
    for (const name of names) this.#inside.add(name);
  }

  /** Camera raw files whose picture also lies beside them as another file. */
  rawTwins(count: number): void {
    this.#rawTwins += count;
  }

  /** A list of labels among the photos. */
  list(name: string): void {
    this.#lists.add(name);
  }

  /** What there is to say. @param labelled whether photos got a label from folders or lists */
  remarks(labelled: boolean): AppError[] {
    const remarks: AppError[] = [];
    const add = (
      code: 'DATASET_SYSTEM_FOLDERS' | 'DATASET_BESIDE_SPLITS',
      counts: Map<string, number>,
    ): void => {
      const count = [...counts.values()].reduce((sum, one) => sum + one, 0);
      if (count > 0) remarks.push(new AppError(code, { count, names: listNames([...counts.keys()]) }));
    };
    add('DATASET_BESIDE_SPLITS', this.#beside);
    if (this.#inside.size > 0)
      remarks.push(new AppError('DATASET_SPLITS_IN_CLASSES', { names: listNames([...this.#inside]) }));
    if (this.#lists.size > 0 && !labelled)
      remarks.push(new AppError('DATASET_LIST_NOT_READ', { names: listNames([...this.#lists]) }));
    if (this.#rawTwins > 0) remarks.push(new AppError('DATASET_RAW_TWINS', { count: this.#rawTwins }));
    add('DATASET_SYSTEM_FOLDERS', this.#system);
    return remarks;
  }
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
