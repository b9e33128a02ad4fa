/** What the tabs of Explain share: photos that can be chosen, and their words. */
import type { ExplainPhoto } from '../../../src-main/contract/app/index.ts';

/** A photo to look at. */
export interface PhotoChoice {
  /** For the services; null while no project is open. */
  readonly photo: ExplainPhoto | null;
  readonly name: string;
  /** Where the page finds it; empty when it cannot show it. */
  readonly address: string;
  /** Its number in the dataset, or null. */
  readonly image: number | null;
}

/** 1,234,567 → 1.2 M, for labels with little room. */
export function short(value: number): string {
  const units = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const;
  for (const [size, unit] of units) {
    if (value >= size) return `${(value / size).toFixed(value / size >= 10 ? 0 : 1)} ${unit}`;
  }
  return String(value);
}

/** 0.0421 ms → `0.04 ms`, 12.3 ms → `12 ms` */
export function milliseconds(value: number): string {
  return `${value >= 10 ? value.toFixed(0) : value.toFixed(2)} ms`;
}
