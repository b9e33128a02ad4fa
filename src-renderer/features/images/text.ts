/** Filters and orders in words. */
import type { ImageFilter, PhotoSort } from '../../../src-main/contract/app/index.ts';
import { percent } from '../../shared/text/format.ts';

/** A condition that can be taken away by itself. */
export interface FilterChip {
  readonly label: string;
  /** What to set in the filter to be rid of it. */
  readonly without: Partial<ImageFilter>;
}

interface Named {
  readonly id: number | string;
  readonly label: string;
}

const predictionWords = {
  right: 'Prediction right',
  wrong: 'Prediction wrong',
  none: 'No prediction',
} as const;

function confidenceWords({ confidenceFrom: from, confidenceTo: to }: ImageFilter): string {
  if (from === undefined) return `Confidence up to ${percent(to ?? 1, 0)}`;
  return to === undefined
    ? `Confidence from ${percent(from, 0)}`
    : `Confidence ${percent(from, 0)}–${percent(to, 0)}`;
}

/** The conditions that no control of the toolbar shows. */
export function filterChips(
  filter: ImageFilter,
  classes: readonly Named[],
  checks: readonly Named[],
): FilterChip[] {
  const chips: FilterChip[] = [];
  const nameOf = (list: readonly Named[], id: number | string): string =>
    list.find((one) => one.id === id)?.label ?? String(id);
  if (filter.check !== undefined)
    chips.push({ label: `Finding: ${nameOf(checks, filter.check)}`, without: { check: undefined } });
  if (filter.finding !== undefined) chips.push({ label: 'One finding', without: { finding: undefined } });
  if (filter.prediction !== undefined)
    chips.push({ label: predictionWords[filter.prediction], without: { prediction: undefined } });
  if (filter.predictedClassId !== undefined) {
    const label = `Predicted: ${nameOf(classes, filter.predictedClassId)}`;
    chips.push({ label, without: { predictedClassId: undefined } });
  }
  if (filter.run !== undefined) chips.push({ label: 'Predictions of one run', without: { run: undefined } });
  if (filter.confidenceFrom !== undefined || filter.confidenceTo !== undefined) {
    const without = { confidenceFrom: undefined, confidenceTo: undefined };
    chips.push({ label: confidenceWords(filter), without });
  }
  if (filter.excluded) chips.push({ label: 'Left out', without: { excluded: undefined } });
  if (filter.commented) chips.push({ label: 'With a comment', without: { commented: undefined } });
  return chips;
}

/** True when a filter leaves anything out. */
export function isFiltered(filter: ImageFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined && value !== '');
}

/** The filter without conditions that say nothing. */
export function tidyFilter(filter: ImageFilter): ImageFilter {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined && value !== '' && value !== false),
  );
}

/** Orders, with what each direction means. */
export const sortWords: Record<PhotoSort['by'], readonly [name: string, up: string, down: string]> = {
  added: ['Added', 'first added first', 'last added first'],
  name: ['Name', 'A to Z', 'Z to A'],
  class: ['Class', 'first class first', 'last class first'],
  taken: ['Taken', 'oldest first', 'newest first'],
  modified: ['Changed', 'oldest first', 'newest first'],
  pixels: ['Pixels', 'smallest first', 'largest first'],
  bytes: ['File size', 'smallest first', 'largest first'],
  confidence: ['Confidence', 'least certain first', 'most certain first'],
  severity: ['Findings', 'worst first', 'slightest first'],
  uncertainty: ['Suggested label', 'most uncertain first', 'most certain first'],
};
