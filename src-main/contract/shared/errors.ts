/**
 * The one error type that crosses every boundary, and the catalogue that turns its code into words.
 * Codes are stable: scripts match on them. Params fill the `{holes}` of the sentences.
 */
import type { CatalogueEntry } from './errors/catalogue-entry.ts';
import { apiErrors } from './errors/api.ts';
import { backboneErrors } from './errors/backbones.ts';
import { captureErrors } from './errors/capture.ts';
import { clusterErrors } from './errors/clusters.ts';
import { datasetErrors } from './errors/datasets.ts';
import { engineErrors } from './errors/engine.ts';
import { generalErrors } from './errors/general.ts';
import { hostErrors } from './errors/hosts.ts';
import { imageErrors } from './errors/images.ts';
import { modelErrors } from './errors/models.ts';
import { projectErrors } from './errors/projects.ts';
import { exportErrors } from './errors/exports.ts';
import { resultsErrors } from './errors/results.ts';
import { shardErrors } from './errors/shards.ts';
import { sortingErrors } from './errors/sorting.ts';
import { trainingErrors } from './errors/training.ts';
import { webPictureErrors } from './errors/web-pictures.ts';

/** How a failure is to be treated: shown with its remedy, passed over silently, or reported as our fault. */
export type ErrorKind = 'expected' | 'cancelled' | 'bug';

/** Values that may fill the holes of a message. */
export type ErrorParams = Record<string, string | number | boolean | null>;

/** Every code Lenslet can report: one file per domain. A code is stable; scripts match on it. */
export const errorCatalogue = {
  ...generalErrors,
  ...apiErrors,
  ...projectErrors,
  ...datasetErrors,
  ...imageErrors,
  ...captureErrors,
  ...webPictureErrors,
  ...engineErrors,
  ...modelErrors,
  ...backboneErrors,
  ...trainingErrors,
  ...resultsErrors,
  ...exportErrors,
  ...shardErrors,
  ...clusterErrors,
  ...sortingErrors,
  ...hostErrors,
};

/** A stable, documented error code. */
export type ErrorCode = keyof typeof errorCatalogue;

/** Whether a value, e.g. from a file or another process, is a code of the catalogue. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCatalogue, value);
}

/** What travels over the wire and into `--json` output. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly params: ErrorParams;
  readonly message: string;
  readonly remedy: string;
}

/** Whether a value that came over a boundary is `AppError.toData()`, as far as its code says. */
export function isErrorData(value: unknown): value is ErrorData {
  return typeof value === 'object' && value !== null && 'code' in value && isErrorCode(value.code);
}

function fill(template: string, params: ErrorParams): string {
  return template.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = params[name];
    return value === undefined || value === null ? hole : String(value);
  });
}

/**
 * Turns a code and its parameters into a sentence and a remedy.
 * @returns both texts with every known hole filled
 */
export function describeError(
  code: ErrorCode,
  params: ErrorParams = {},
): { message: string; remedy: string } {
  const entry: CatalogueEntry = errorCatalogue[code];
  return { message: fill(entry.message, params), remedy: fill(entry.remedy, params) };
}

/** The error of everything Lenslet reports on purpose. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly params: ErrorParams;

  constructor(
    code: ErrorCode,
    params: ErrorParams = {},
    options: { kind?: ErrorKind; cause?: unknown } = {},
  ) {
    super(
      describeError(code, params).message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'AppError';
    this.code = code;
    this.params = params;
    this.kind =
      options.kind ?? (code === 'CANCELLED' ? 'cancelled' : code === 'INTERNAL_BUG' ? 'bug' : 'expected');
  }

  /** What the user can do about it. */
  get remedy(): string {
    return describeError(this.code, this.params).remedy;
  }

  /** The transferable form. */
  toData(): ErrorData {
    return {
      code: this.code,
      kind: this.kind,
      params: this.params,
      message: this.message,
      remedy: this.remedy,
    };
  }

  /** Rebuilds an error that crossed a boundary. */
  static fromData(data: Pick<ErrorData, 'code' | 'kind' | 'params'>): AppError {
    return new AppError(data.code, data.params, { kind: data.kind });
  }

  /** Any thrown value as an AppError; what is not one already becomes `INTERNAL_BUG`. */
  static from(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown;
    if (thrown instanceof Error && thrown.name === 'AbortError')
      return new AppError('CANCELLED', {}, { cause: thrown });
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    return new AppError('INTERNAL_BUG', { detail }, { cause: thrown });
  }
}

/** Throws `CANCELLED` when the signal has been aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('CANCELLED');
}
