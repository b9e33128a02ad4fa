import { AppError } from '../../../../contract/shared/errors.ts';
import {
  type NumberGrid as Grid,
  type Padding,
  type PoolKind,
  convolve,
  lessonConvolution,
  lessonPooling,
  padGrid,
  planGrid,
  pool,
  productsOf,
  sumOf,
  windowOf,
} from '../../../../contract/shared/convolution.ts';
import type { Output } from '../../output.ts';

interface Flags {
  readonly image?: string;
  readonly filter?: string;
  readonly stride?: number;
  readonly padding: Padding;
  readonly kind: PoolKind;
  readonly size: number;
  readonly steps?: boolean;
}

/** What can be computed. */
export const labWorks = ['convolution', 'pooling'] as const;

function usage(detail: string): AppError {
  return new AppError('USAGE_INVALID', { detail, command: 'lab ' });
}

/** A grid as typed: rows divided by `;` or line breaks, numbers by commas or spaces; or as JSON. @throws AppError USAGE_INVALID */
function gridOf(text: string, flag: string): Grid {
  const rows = text
    .replace(/\]\s*,\s*\[/g, ';')
    .replace(/[[\]]/g, '')
    .split(/[;\n]/)
    .map((row) =>
      row
        .split(/[\s,]+/)
        .filter((cell) => cell !== '')
        .map(Number),
    )
    .filter((row) => row.length > 0);
  const isSound = rows.every((row) => row.length === rows[0].length && row.every(Number.isFinite));
  if (rows.length > 0 && isSound) return rows;
  throw usage(`${flag} wants rows of numbers, all as long, as “1 2 3; 4 5 6; 7 8 9”`);
}

function number(value: number): string {
  return String(Number(value.toFixed(6)));
}

/** A grid with its columns aligned. */
function gridText(grid: Grid): string {
  const cells = grid.map((row) => row.map(number));
  const width = Math.max(...cells.flat().map((cell) => cell.length));
  return cells.map((row) => row.map((cell) => cell.padStart(width)).join(' ')).join('\n');
}

/** `output = ⌊(in − window + padding) / stride⌋ + 1`, with the numbers of both sides. */
function sizeText({ rows, columns }: ReturnType<typeof planGrid>): string {
  const side = ({ input, window, before, after, stride, output, leftOver }: typeof rows): string => {
    const over = leftOver > 0 ? `, ${leftOver} left over` : '';
    return `(${input} − ${window} + ${before + after}) / ${stride} + 1 = ${output}${over}`;
  };
  return `rows ${side(rows)}; columns ${side(columns)}`;
}

/** Every position with its window; for a convolution with the products. */
function positions(image: Grid, plan: ReturnType<typeof planGrid>, filter: Grid | null) {
  const padded = padGrid(image, plan.rows, plan.columns);
  const [down, across] = [plan.rows, plan.columns];
  return Array.from({ length: down.output * across.output }, (_, i) => {
    const [row, column] = [Math.floor(i / across.output), i % across.output];
    const [top, left] = [row * down.stride, column * across.stride];
    const window = windowOf(padded, top, left, down.window, across.window);
    return { row, column, window, ...(filter === null ? {} : { products: productsOf(window, filter) }) };
  });
}

/**
 * `lenslet lab convolution|pooling`: the arithmetic on a small grid, position by position with `--steps`; without grids
 * the lesson's own.
 */
export function lab(output: Output, flags: Flags, what: (typeof labWorks)[number]): Promise<void> {
  if (!labWorks.includes(what)) throw usage(`There is nothing called “${what}”: ${labWorks.join(', ')}`);
  const isConvolution = what === 'convolution';
  const example = isConvolution ? lessonConvolution.image : lessonPooling;
  const image = flags.image === undefined ? example : gridOf(flags.image, '--image');
  const filter = flags.filter === undefined ? lessonConvolution.filter : gridOf(flags.filter, '--filter');
  const stride = flags.stride ?? (isConvolution ? 1 : flags.size);
  const padding = isConvolution ? flags.padding : 'valid';
  const window = isConvolution
    ? { rows: filter.length, columns: filter[0].length }
    : { rows: flags.size, columns: flags.size };
  const plan = planGrid(image, window, stride, padding);
  if (plan.rows.output === 0 || plan.columns.output === 0)
    throw usage(
      `A window of ${window.rows}×${window.columns} does not fit into ${image.length}×${image[0].length}`,
    );
  const result = isConvolution
    ? convolve(image, filter, stride, padding)
    : pool(image, flags.kind, flags.size, stride);
  const steps = flags.steps === true ? positions(image, plan, isConvolution ? filter : null) : [];
  const stepLines = steps.map(({ row, column, products, window: seen }) => {
    const terms = (products ?? seen)
      .flat()
      .map(number)
      .join(isConvolution ? ' + ' : ', ');
    const sum = products === undefined ? `${flags.kind}(${terms})` : `${terms} = ${number(sumOf(products))}`;
    return `[${row}, ${column}]  ${sum}${products === undefined ? ` = ${number(result[row][column])}` : ''}`;
  });
  const text = [
    gridText(result),
    '',
    sizeText(plan),
    ...(stepLines.length > 0 ? ['', ...stepLines] : []),
  ].join('\n');
  const input = isConvolution
    ? { image, filter, stride, padding }
    : { image, kind: flags.kind, size: flags.size, stride };
  output.answer({ what, ...input, output: result, ...(steps.length > 0 ? { steps } : {}) }, text);
  return Promise.resolve();
}
