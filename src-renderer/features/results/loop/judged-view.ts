/** Which photos of a result are shown: in the address, so that Back, a reload and a link find them. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import type { DatasetClass, ImageFilter, Split } from '../../../../src-main/contract/app/index.ts';
import { judgedText } from './text.ts';

const splits = ['train', 'validation', 'test'] as const;
const listKinds = ['better', 'worse', 'other', 'similar'] as const;
type ListKind = (typeof listKinds)[number];

/** What is shown instead of a run's figures. */
export type JudgedView =
  /** The photos of one cell of the confusion matrix, by the ids of the classes. */
  | { readonly kind: 'cell'; readonly split: Split; readonly truth: number; readonly said: number }
  | { readonly kind: 'mistakes'; readonly split: Split }
  /** Certain photos, as id ranges; with the one to begin at. */
  | { readonly kind: ListKind; readonly images: string; readonly first: number | null };

/** The query of an address that shows these photos. */
export function queryOf(view: JudgedView): LocationQueryRaw {
  switch (view.kind) {
    case 'cell':
      return { split: view.split, cell: `${view.truth}.${view.said}` };
    case 'mistakes':
      return { split: view.split, show: 'mistakes' };
    default:
      return {
        show: view.kind,
        photos: view.images,
        ...(view.first === null ? {} : { first: String(view.first) }),
      };
  }
}

/** What an address asks for; null: the figures of the run. */
export function viewOf({ split, cell, show, photos, first }: LocationQuery): JudgedView | null {
  const of = splits.find((one) => one === split) ?? 'test';
  const ids = typeof cell === 'string' ? /^(\d+)\.(\d+)$/.exec(cell) : null;
  if (ids !== null) return { kind: 'cell', split: of, truth: Number(ids[1]), said: Number(ids[2]) };
  if (show === 'mistakes') return { kind: 'mistakes', split: of };
  const kind = listKinds.find((one) => one === show);
  if (kind === undefined || typeof photos !== 'string' || !/^[\d,-]+$/.test(photos)) return null;
  return {
    kind,
    images: photos,
    first: typeof first === 'string' && /^\d+$/.test(first) ? Number(first) : null,
  };
}

/** The photos of a view, as the grid's lists are asked for. */
export function filterOf(view: JudgedView, run: string): ImageFilter {
  switch (view.kind) {
    case 'cell':
      return { run, split: view.split, classId: view.truth, predictedClassId: view.said };
    case 'mistakes':
      return { run, split: view.split, prediction: 'wrong' };
    default:
      return { run, images: view.images };
  }
}

/** What the photos are, in words. */
export function titleOf(view: JudgedView, classes: ReadonlyMap<number, DatasetClass>): string {
  if (view.kind !== 'cell') return judgedText[view.kind];
  const nameOf = (id: number): string => classes.get(id)?.name ?? '–';
  return judgedText.cell(nameOf(view.truth), nameOf(view.said));
}
