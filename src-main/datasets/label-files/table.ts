/** From the rows of a table, of whatever file, to labels of photos. */
import { restoreCsvText } from '../../contract/shared/csv.ts';
import { AppError, type ErrorData } from '../../contract/shared/errors.ts';
import { type Columns, UnclearColumns, findColumns, flagOf } from './columns.ts';
import type { LabelList, LabelRow } from './label-row.ts';
import { listNames } from './list-names.ts';
import { namesOfAddress } from './photo-address.ts';
import { splitOfName } from './split-names.ts';

/** Rows from which the columns are told. */
const sampleRows = 1_000;

/** Takes a table row by row; only the first thousand rows wait until its columns are known. */
export class LabelTable {
  readonly #path: string;
  #sample: (readonly string[])[] = [];
  #columns: Columns | null = null;
  readonly #rows: LabelRow[] = [];
  readonly #unknownSplits = new Map<string, number>();
  readonly #filled = new Set<string>();
  #ambiguous = 0;
  #ambiguousExample = '';
  #unlabelled = 0;
  #unlabelledExample = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** Takes a row. @throws AppError DATASET_LIST_COLUMNS */
  add(cells: readonly string[]): void {
    if (this.#columns !== null) this.#take(cells, this.#columns);
    else if (this.#sample.push(cells) === sampleRows) this.#begin();
  }

  /** The labels, when all rows are in. @throws AppError DATASET_LIST_COLUMNS, DATASET_LABELS_INVALID */
  end(): LabelList {
    if (this.#columns === null && this.#sample.length > 0) this.#begin();
    const columns = this.#columns;
    if (columns === null) throw this.#invalid('it is empty');
    if (this.#rows.length === 0 && this.#ambiguous === 0)
      throw this.#invalid('no row has a path and a label');
    return {
      format: 'csv',
      rows: this.#rows,
      ambiguous: this.#ambiguous,
      ambiguousExample: this.#ambiguousExample,
      headless: !columns.header,
      remarks: this.#remarks(columns),
    };
  }

  #invalid(reason: string): AppError {
    return new AppError('DATASET_LABELS_INVALID', { path: this.#path, reason });
  }

  #begin(): void {
    const sample = this.#sample;
    this.#sample = [];
    try {
      this.#columns = findColumns(sample);
    } catch (error) {
      if (!(error instanceof UnclearColumns)) throw error;
      const { message: reason, names } = error;
      const params = { path: this.#path, reason, columns: listNames(names) };
      throw new AppError('DATASET_LIST_COLUMNS', params, { cause: error });
    }
    for (const cells of this.#columns.header ? sample.slice(1) : sample) this.#take(cells, this.#columns);
  }

  #take(cells: readonly string[], columns: Columns): void {
    const cell = (at: number): string => (columns.own ? restoreCsvText(cells[at] ?? '') : (cells[at] ?? ''));
    const address = cell(columns.path);
    if (address === '') return;
    const labels = labelsOf(cell, columns);
    if (labels.length > 1) {
      this.#ambiguous++;
      this.#ambiguousExample ||= address;
      return;
    }
    const [label = null] = labels;
    if (label !== null) this.#filled.add(label);
    else if (columns.label !== null || columns.flags.length > 0) {
      this.#unlabelled++;
      this.#unlabelledExample ||= address;
    }
    const split = columns.split === undefined ? undefined : this.#splitOf(cell(columns.split));
    this.#rows.push({ ...namesOfAddress(address), label, split });
  }

  /** Undefined for an empty cell and for a name that is not known, which is counted. */
  #splitOf(name: string): LabelRow['split'] {
    if (name === '') return undefined;
    const split = splitOfName(name) ?? undefined;
    if (split === undefined) this.#unknownSplits.set(name, (this.#unknownSplits.get(name) ?? 0) + 1);
    return split;
  }

  #remarks(columns: Columns): ErrorData[] {
    const path = this.#path;
    const remarks: AppError[] = [];
    const { ignored, names, label, flags } = columns;
    if (ignored.length > 0) {
      const labels =
        flags.length > 0 ? 'one column a class' : label === null ? 'no column' : `“${names[label]}”`;
      remarks.push(
        new AppError('DATASET_LIST_COLUMNS_IGNORED', {
          path,
          columns: listNames(ignored),
          photos: names[columns.path],
          labels,
        }),
      );
    }
    if (this.#unknownSplits.size > 0) {
      const count = [...this.#unknownSplits.values()].reduce((sum, one) => sum + one, 0);
      const unknown = listNames([...this.#unknownSplits.keys()]);
      remarks.push(new AppError('DATASET_LIST_SPLIT_UNKNOWN', { path, count, names: unknown }));
    }
    if (this.#unlabelled > 0 && this.#filled.size > 0) {
      const params = { path, count: this.#unlabelled, example: this.#unlabelledExample };
      remarks.push(new AppError('DATASET_LIST_UNLABELLED', params));
    }
    const empty = flags.flatMap(({ name }) => (this.#filled.has(name) ? [] : [name]));
    if (empty.length > 0)
      remarks.push(new AppError('DATASET_LIST_CLASS_EMPTY', { path, names: listNames(empty) }));
    return remarks.map((remark) => remark.toData());
  }
}

function labelsOf(cell: (at: number) => string, { label, flags, several }: Columns): string[] {
  if (label === null) return flags.flatMap(({ column, name }) => (flagOf(cell(column)) ? [name] : []));
  const value = cell(label);
  const parts = several ? value.split(/[|;,]/).map((part) => part.trim()) : [value];
  return [...new Set(parts.filter((part) => part !== ''))];
}
