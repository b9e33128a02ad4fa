/** Requests about what runs got wrong and what would help. */
import type { DataChanges, SimilarPhotosEvent, resultsContract } from '../../contract/app/results/results.ts';
import { streamEvents } from '../../core/jobs/async-queue.ts';
import { Throttle } from '../../core/jobs/throttle.ts';
import { listClasses } from '../../project/images/classes.ts';
import { excludedPhotos } from '../../project/images/photo-marks.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import { compareDatasets } from '../checks/cleaning.ts';

import { collectDataset, readDataset } from '../runs/run-files.ts';
import { requireRun } from '../runs/run-states.ts';
import { compareRuns } from './compare-runs.ts';
import { findSimilar } from './similar-photos.ts';

/** @throws AppError NOT_FOUND, TRAINING_RECORD_LOST */
async function changesSince(project: Project, run: string): Promise<DataChanges> {
  const before = await readDataset(project, requireRun(project, run).id);
  const names = listClasses(project.database).map(({ name }) => name);
  const now = await collectDataset(project, names);
  return compareDatasets(before, now, new Set(excludedPhotos(project.database).ids));
}

/** Handlers of `contract.results`. */
export function createResultsService(context: ServiceContext): ServiceOf<typeof resultsContract> {
  return {
    changes: ({ run }) => changesSince(context.project(), run),
    compare: (pair) => compareRuns(context.project(), pair),
    similar: (wanted, { signal }) =>
      streamEvents<SimilarPhotosEvent>(async (emit, ending) => {
        const throttle = new Throttle();
        let last = '';
        const report = (phase: string, done: number, total: number): void => {
          const isNew = phase !== last;
          last = phase;
          if (throttle.isDue(isNew)) emit({ type: 'progress', phase, done, total });
        };
        const found = await findSimilar(context, context.project(), wanted, { signal: ending, report });
        emit({ type: 'done', ...found });
      }, signal),
  };
}
