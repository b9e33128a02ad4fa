/** What a figure is: series over two axes, and the table it is made of. */
import type { CsvValue } from '../../../../src-main/contract/shared/csv.ts';

/** One series of a figure. */
export interface FigureSeries {
  readonly name: string;
  /** `steps`: level from each point to the next. `bars`: from the axis up to each point, `width` wide. */
  readonly kind: 'line' | 'steps' | 'bars' | 'points';
  readonly colour: string;
  readonly dashed?: boolean;
  /** `low` and `high`: where the value may lie. */
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly low?: number;
    readonly high?: number;
  }[];
  /** Of bars, on the x axis. */
  readonly width?: number;
}

/** A figure. Its x axis goes from 0 to 1. */
export interface Figure {
  /** Names its files. */
  readonly id: string;
  readonly title: string;
  /** A sentence with what it says, for those who do not see it and beside it. */
  readonly says: string;
  readonly x: string;
  readonly y: string;
  /** Of the y axis; 1 for shares. */
  readonly most: number;
  readonly series: readonly FigureSeries[];
  readonly table: { readonly header: readonly string[]; readonly rows: readonly (readonly CsvValue[])[] };
}
