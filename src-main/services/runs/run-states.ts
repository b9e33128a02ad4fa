/** Runs as the outside sees them: what the database keeps, plus what only lives. */
import type { DamagedRun, Run, RunProgress, RunStatus } from '../../contract/app/runs.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { Project } from '../../project/project.ts';
import type { RunRecord } from '../../project/runs/runs.ts';
import { type Recipe, findRecipe } from '../../registries/recipes/index.ts';
import type { RunSettings } from '../../contract/shared/training-settings.ts';
import { hasCheckpoint, sweepRun } from './run-files.ts';
import { runRecords } from './run-records.ts';

/** States of a run that something is at work on. */
const activeStates: ReadonlySet<RunStatus> = new Set(['preparing', 'training', 'paused', 'evaluating']);

/**
 * True when a run can continue: paused, interrupted (from its checkpoint or its beginning), or stopped or failed with a
 * checkpoint. Its cause may be mended by now, except weights that contain NaN.
 */
function isResumable(project: Project, { id, status, error }: RunRecord): boolean {
  if (status === 'paused' || status === 'interrupted') return true;
  const canGoOn = status === 'stopped' || (status === 'failed' && error?.code !== 'TRAINING_DIVERGED');
  return canGoOn && hasCheckpoint(project, id);
}

/** Epochs of all stages of a recipe. */
export function countEpochs(recipe: Recipe, settings: RunSettings): number {
  return recipe.stages(settings).reduce((sum, { epochs }) => sum + epochs, 0);
}

/** Refuses a recipe whose weights are solved for. @throws AppError TRAINING_WITHOUT_STEPS */
export function requireSteps(recipe: Recipe, settings: RunSettings): void {
  if (recipe.stages(settings).at(-1)?.solver === 'gradient-descent') return;
  throw new AppError('TRAINING_WITHOUT_STEPS', { recipe: recipe.id });
}

/** True while something works on a run of this status. */
export function isAtWork(status: RunStatus): boolean {
  return activeStates.has(status);
}

/** A stored run with its progress, when it has one. */
export function toRun(project: Project, record: RunRecord, progress: RunProgress | null = null): Run {
  const totalEpochs = countEpochs(findRecipe(record.recipe), record.settings);
  return { ...record, progress, resumable: isResumable(project, record), totalEpochs };
}

/** All runs as the outside sees them, newest first; those that cannot be read apart. */
export function describeRuns(project: Project): { sound: Run[]; damaged: DamagedRun[] } {
  const { sound, damaged } = runRecords(project).list();
  const runs: Run[] = [];
  const unknown: DamagedRun[] = [];
  for (const record of sound) {
    try {
      runs.push(toRun(project, record));
    } catch (thrown) {
      const { id, name, createdAt } = record;
      unknown.push({ id, name, createdAt, error: AppError.from(thrown).toData() });
    }
  }
  return { sound: runs, damaged: [...damaged, ...unknown] };
}

/** A run, as it is now. @throws AppError NOT_FOUND, TRAINING_RUN_DAMAGED */
export function requireRun(project: Project, id: string): RunRecord {
  return runRecords(project).require(id);
}

/** Runs that were at work when the program ended: nothing works on them any more, and no file is being written. */
export function markInterrupted(project: Project): void {
  const records = runRecords(project);
  for (const { id, status } of records.list().sound) {
    if (!activeStates.has(status)) continue;
    records.change(id, { status: 'interrupted' });
    sweepRun(project, id);
  }
}
