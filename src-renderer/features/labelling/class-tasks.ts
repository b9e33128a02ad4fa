/** What is asked about before it is done, as a small form above the details, and the edit that each makes. */
import type { DatasetClass, EditInput, Split } from '../../../src-main/contract/app/index.ts';

/** What the form is about. Photos come as id ranges. */
export type ClassTask =
  | { readonly kind: 'create' }
  /** Photos into a class that is still to be named. */
  | { readonly kind: 'label-as'; readonly images: string; readonly count: number }
  | { readonly kind: 'rename'; readonly of: DatasetClass }
  | { readonly kind: 'merge'; readonly of: DatasetClass }
  | { readonly kind: 'split-off'; readonly of: DatasetClass; readonly images: string; readonly count: number }
  | { readonly kind: 'delete'; readonly of: DatasetClass }
  /** Photos into a split where they would do harm. */
  | { readonly kind: 'split'; readonly split: Split | null; readonly images: string; readonly count: number };

/** What was filled in. */
export interface ClassAnswer {
  readonly name: string;
  readonly none: boolean;
  readonly into: number | null;
}

/** The edit of a task; null while something is missing. */
export function editOf(task: ClassTask, { name, none, into }: ClassAnswer): EditInput | null {
  const typed = name.trim();
  switch (task.kind) {
    case 'create':
      return typed === '' ? null : { kind: 'class-create', name: typed, none };
    case 'label-as':
      return typed === '' ? null : { kind: 'label-as', name: typed, images: task.images };
    case 'rename':
      return typed === '' || typed === task.of.name
        ? null
        : { kind: 'class-rename', classId: task.of.id, name: typed };
    case 'merge':
      return into === null ? null : { kind: 'class-merge', from: [task.of.id], into };
    case 'split-off':
      return typed === ''
        ? null
        : { kind: 'class-split', classId: task.of.id, images: task.images, name: typed };
    case 'delete':
      return { kind: 'class-delete', classId: task.of.id };
    case 'split':
      return { kind: 'split', images: task.images, split: task.split };
  }
}
