/** Telling out-of-memory apart from other failures, and which batch size would fit. */
import { AppError } from '../../contract/shared/errors.ts';

/** What TensorFlow, V8 and the C++ library say when an allocation fails. */
const allocationFailure =
  /OOM when allocating|Resource exhausted|ResourceExhausted|RESOURCE_EXHAUSTED|bad_alloc|failed to allocate|Array buffer allocation failed|out of memory|Cannot allocate memory|Invalid typed array length/i;

/** True when the text of a failure, or the last output of a process, names a failed allocation. */
export function tellsOfMemory(text: string): boolean {
  return allocationFailure.test(text);
}

/**
 * The largest batch size that fits: at most half of the one that failed, halved on until the estimate is within 70%
 * of the free memory.
 * @param bytesPerImage estimated working memory of an image in a step; see `trainingBytesPerImage`
 * @param freeBytes null when unknown
 */
export function fittingBatchSize(batchSize: number, bytesPerImage: number, freeBytes: number | null): number {
  let size = Math.max(1, Math.floor(batchSize / 2));
  if (freeBytes === null) return size;
  while (size > 1 && size * bytesPerImage > 0.7 * freeBytes) size = Math.floor(size / 2);
  return size;
}

/** The failure of an allocation in words a user can act on; any other failure as it is. */
export function explainMemory(
  thrown: unknown,
  batchSize: number,
  bytesPerImage: number,
  freeBytes: number | null,
): unknown {
  if (thrown instanceof AppError || !(thrown instanceof Error) || !tellsOfMemory(thrown.message))
    return thrown;
  const suggestedBatchSize = fittingBatchSize(batchSize, bytesPerImage, freeBytes);
  return new AppError('BACKEND_OUT_OF_MEMORY', { batchSize, suggestedBatchSize }, { cause: thrown });
}
