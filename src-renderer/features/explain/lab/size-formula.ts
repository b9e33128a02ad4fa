/** The output-size formula with someone's numbers in it, and what to do when they do not fit. */
import { type Padding, planAxis } from './convolution.ts';
import { sizeFormulaText } from './text.ts';

export interface SizeFormula {
  /** The formula with its numbers, e.g. `(5 − 3 + 2·0) / 1 + 1`. */
  readonly filled: string;
  /** The value before rounding down. */
  readonly exact: number;
  /** Number of positions. */
  readonly output: number;
  /** Why the window does not fit and what would; empty when it fits. */
  readonly problem: string;
}

/** Fills in `(in − filter + 2·padding) / stride + 1` for one side. */
export function sizeFormula(input: number, window: number, stride: number, padding: Padding): SizeFormula {
  const plan = planAxis(input, window, stride, padding);
  const { before, after, output, leftOver } = plan;
  const border = before === after ? `2·${before}` : `${before} + ${after}`;
  const filled = `(${input} − ${window} + ${border}) / ${stride} + 1`;
  const exact = (input - window + before + after) / stride + 1;
  return { filled, exact, output, problem: problemOf(input, window, stride, output, leftOver) };
}

function problemOf(input: number, window: number, stride: number, output: number, leftOver: number): string {
  if (output === 0) return sizeFormulaText.theWindowOfIs(window, input);
  if (leftOver === 0) return '';
  const cells = leftOver === 1 ? sizeFormulaText.theLastRowAnd : sizeFormulaText.theLastRowsAnd(leftOver);
  return sizeFormulaText.strideDoesNotFit(cells, input - leftOver, input - leftOver + stride);
}
