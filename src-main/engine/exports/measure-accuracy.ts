/** What an export loses that keeps its numbers coarsely: its accuracy beside the run's, on photos with known classes. */
import type { ExportAccuracy } from '../../contract/app/exports.ts';
import type { Tf } from '../base/backend.ts';
import type { MeasuredPhotos, OutgoingModel, ReopenedExport } from './export-format.ts';
import { runAnswers } from './golden-check.ts';

const best = (probabilities: readonly number[]): number => probabilities.indexOf(Math.max(...probabilities));

/**
 * Asks both for all photos.
 * @param onProgress is told how many are done, and throws to end it
 */
export async function measureAccuracy(
  tf: Tf,
  outgoing: OutgoingModel,
  reopened: ReopenedExport,
  { labels, pixels }: MeasuredPhotos,
  onProgress: (done: number) => Promise<void>,
): Promise<ExportAccuracy> {
  let [run, exported, same] = [0, 0, 0];
  for (const [index, label] of labels.entries()) {
    const photo = await pixels(index);
    const [{ probabilities }] = runAnswers(tf, outgoing, [photo]);
    const [wanted, found] = [best(probabilities), best(await reopened.probabilities(photo))];
    run += Number(wanted === label);
    exported += Number(found === label);
    same += Number(wanted === found);
    await onProgress(index + 1);
  }
  const photos = labels.length;
  return { photos, run: run / photos, export: exported / photos, same: same / photos };
}
