/** Rows of the grid: what is shown of each photo. */
import type { DatabaseSync } from 'node:sqlite';
import type { DatasetImage } from '../../contract/app/datasets.ts';
import { checksOfImages } from '../../project/runs/findings.ts';
import { findImages } from '../../project/images/images.ts';
import { findPredictions, bestPredictedRun } from '../../project/runs/predictions.ts';

/**
 * Photos by id, in the requested order; unknown ids are left out.
 * @param run whose predictions to show; the best finished one that has some when left out
 */
export function readPhotos(
  database: DatabaseSync,
  ids: readonly number[],
  run: string | undefined,
): DatasetImage[] {
  const predictedRun = run ?? bestPredictedRun(database);
  const predictions = predictedRun === null ? null : findPredictions(database, predictedRun, ids);
  const checks = checksOfImages(database, ids);
  return findImages(database, ids).map((image) => ({
    id: image.id,
    path: image.path,
    width: image.width,
    height: image.height,
    bytes: image.bytes,
    format: image.format,
    classId: image.classId,
    split: image.split,
    excluded: image.excluded,
    comment: image.comment,
    takenAt: image.takenAt,
    camera: image.camera,
    checks: checks.get(image.id) ?? [],
    prediction: predictions?.get(image.id) ?? null,
  }));
}
