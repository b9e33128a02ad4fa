/**
 * A training run, from top to bottom: its stages, their epochs, an epoch's steps. A loop of our own instead of
 * `model.fit`, so that a step can be compiled, a run can be paused, stopped and resumed between any two steps, and a
 * resumed run has the history of one that was never interrupted.
 */
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { Stopwatch } from '../base/stopwatch.ts';
import { type TrainingPlace, readCheckpointPlace, startingPlace } from './checkpoint.ts';
import type { PrepareProgress, Stage } from './stage.ts';
import { solveStage } from './solve-stage.ts';
import { StageRun, type StageRunOptions } from './stage-run.ts';
import type { TrainOptions, TrainOutcome } from './train-options.ts';

/**
 * Trains until all epochs are done or the run is ended from outside.
 * @throws AppError TRAINING_DIVERGED, TRAINING_NOT_RESUMABLE, CANCELLED (a checkpoint is left), storage errors
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const place = options.resume ? await savedPlace(options) : startingPlace();
  const watch = new Stopwatch(place.seconds);
  const ended = (outcome: TrainOutcome['outcome']): TrainOutcome => ({ outcome, seconds: watch.seconds });
  for (let resume = options.resume; place.stage < options.stages.length; resume = false) {
    const stage = await prepareStage(options, place, watch);
    if (stage === null) return ended('interrupted');
    const begun = { ...options, stage, place, watch, resume };
    const plan = options.stages[place.stage];
    const early = plan.solver === 'l-bfgs' ? await solveStage(begun) : await descend({ ...begun, plan });
    if (early !== null) return ended(early);
    place.stage++;
    place.epochsBefore = place.history.length;
  }
  return ended('done');
}

/** Trains a stage in steps. @returns null when its epochs are done, else how the run ended meanwhile */
async function descend(options: StageRunOptions): Promise<TrainOutcome['outcome'] | null> {
  const run = await StageRun.open(options);
  try {
    await run.begin();
    const batches = run.batches();
    while (!run.isDone) {
      while (!run.isEpochDone) {
        const batch = await batches.next();
        await run.letOthers();
        if (run.isEnding) return await run.end();
        run.step(batch);
      }
      const validation = await run.validate();
      if (validation === 'ended') return await run.end();
      await run.endEpoch(validation);
    }
    await run.finish();
    return null;
  } finally {
    await run.close();
  }
}

async function savedPlace({ storage, run, stages }: TrainOptions): Promise<TrainingPlace> {
  const place = await readCheckpointPlace(storage);
  if (place !== null && place.stage < stages.length) return place;
  const reason = place === null ? 'it has no checkpoint' : 'its checkpoint is from another kind of run';
  throw new AppError('TRAINING_NOT_RESUMABLE', { id: run, reason });
}

/**
 * Makes a stage ready; null when the run is ended meanwhile. What was computed for it so far (features) is kept, and the
 * run continues from its last checkpoint, if it has one.
 */
async function prepareStage(
  options: TrainOptions,
  place: TrainingPlace,
  watch: Stopwatch,
): Promise<Stage | null> {
  const { stages, signal, control } = options;
  try {
    return await stages[place.stage].open(prepareProgress(options, place, watch), signal);
  } catch (error) {
    throwIfCancelled(signal);
    if (control.isEnding) return null;
    throw error;
  }
}

/** Progress of what comes before a stage's steps: `step` of `stepsPerEpoch` are images then. */
function prepareProgress(
  { listener }: TrainOptions,
  { epoch }: TrainingPlace,
  watch: Stopwatch,
): PrepareProgress {
  const begun = performance.now();
  return (phase, done, total) => {
    const imagesPerSecond = (done * 1000) / Math.max(1, performance.now() - begun);
    const secondsLeft = done === 0 ? null : (total - done) / imagesPerSecond;
    const position = { epoch, step: done, stepsPerEpoch: total, loss: null, accuracy: null };
    listener.progress({ ...position, imagesPerSecond, secondsLeft, phase, seconds: watch.seconds });
  };
}
