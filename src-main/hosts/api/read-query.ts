/** What the query of a request for predictions asks for. */
import type { ApiPrediction } from '../../contract/api/prediction-api.ts';
import { AppError } from '../../contract/shared/errors.ts';

/** Explains files, in their order; null for those that cannot be read. */
export type ExplainFiles = (
  paths: readonly string[],
  signal: AbortSignal,
) => Promise<readonly (ApiPrediction['heatmap'] | null)[]>;

/** How many classes are named. @throws AppError API_REQUEST_INVALID */
export function topOf(url: URL): number {
  const text = url.searchParams.get('top') ?? '5';
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new AppError('API_REQUEST_INVALID', { reason: '“top” is no whole number from 1 to 9999' });
}

/** What makes the heatmaps that are asked for; null where none are. @throws AppError API_REQUEST_INVALID */
export function explainOf(url: URL, heatmaps: ExplainFiles | undefined): ExplainFiles | null {
  const text = url.searchParams.get('heatmap') ?? 'false';
  if (/^(false|0)$/.test(text)) return null;
  if (!/^(true|1)?$/.test(text))
    throw new AppError('API_REQUEST_INVALID', { reason: '“heatmap” is neither true nor false' });
  if (heatmaps === undefined)
    throw new AppError('API_REQUEST_INVALID', { reason: 'this model is not looked into' });
  return heatmaps;
}
