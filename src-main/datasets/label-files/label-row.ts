import type { ErrorData } from '../../contract/shared/errors.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';

/** What a list of labels says about one photo. */
export interface LabelRow {
  /** As the list names it, with forward slashes: a path, the end of one, or a bare name. */
  readonly path: string;
  /** Other names the same photo may have. */
  readonly alternatives: readonly string[];
  /** Null: the list says that it has none. */
  readonly label: string | null;
  /** Undefined: the list says nothing about splits. */
  readonly split: Split | null | undefined;
}

/** What a reader of one format returns. */
export interface LabelList {
  readonly format: 'csv' | 'coco' | 'label-studio';
  readonly rows: readonly LabelRow[];
  /** Photos left out because the list gives them several labels. */
  readonly ambiguous: number;
  /** One of them; '' where there are none. */
  readonly ambiguousExample: string;
  /** The list has no heading that says what its columns are. */
  readonly headless: boolean;
  /** What of the list was not read, and what had to be assumed. */
  readonly remarks: readonly ErrorData[];
}
