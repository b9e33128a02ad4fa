/**
 * A training run: its stages one after another, each with a loop of our own instead of `model.fit`, so that a step
 * can be compiled, a run can be paused, stopped and resumed between any two steps, and a resumed run has the history
 * of one that was never interrupted.
 */
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { type TrainingPlace, readCheckpointPlace, startingPlace } from './checkpoint.ts';
import type { Stage } from './stage.ts';
import { StageLoop } from './stage-loop.ts';
import { Stopwatch } from '../base/stopwatch.ts';
import type { TrainOptions, TrainOutcome } from './train-options.ts';

/**
 * Trains until all epochs are done or the run is ended from outside.
 * @throws AppError TRAINING_DIVERGED, TRAINING_NOT_RESUMABLE, CANCELLED (a checkpoint is left), storage errors
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const place = options.resume ? await placeOf(options) : startingPlace();
  const watch = new Stopwatch(place.seconds);
  let isResumed = options.resume;
  for (; place.stage < options.stages.length; nextStage(place)) {
    const outcome = await runStage(options, place, watch, isResumed);
    if (outcome !== 'done') return { outcome, seconds: watch.seconds };
    isResumed = false;
  }
  return { outcome: 'done', seconds: watch.seconds };
}

async function placeOf({ storage, run, stages }: TrainOptions): Promise<TrainingPlace> {
  const place = await readCheckpointPlace(storage);
  if (place !== null && place.stage < stages.length) return place;
  const reason = place === null ? 'it has no checkpoint' : 'its checkpoint is from another kind of run';
  throw new AppError('TRAINING_NOT_RESUMABLE', { id: run, reason });
}

function nextStage(place: TrainingPlace): void {
  place.stage++;
  place.epochsBefore = place.history.length;
}

async function runStage(
  options: TrainOptions,
  place: TrainingPlace,
  watch: Stopwatch,
  resume: boolean,
): Promise<TrainOutcome['outcome']> {
  const plan = options.stages[place.stage];
  let stage: Stage;
  try {
    stage = await plan.open(prepareProgress(options, place), options.signal);
  } catch (error) {
    // What the preparation made so far (features) is kept; the run goes on from its last checkpoint, if it has one.
    if (options.signal?.aborted) throwIfCancelled(options.signal);
    if (options.control.state === 'stop' || options.control.state === 'interrupt') return 'interrupted';
    throw error;
  }
  try {
    const isLast = place.stage === options.stages.length - 1;
    const loop = await StageLoop.create({ ...options, plan, stage, place, watch, resume, isLast });
    try {
      return await loop.run();
    } finally {
      loop.dispose();
    }
  } finally {
    await stage.close();
  }
}

/** Progress of what comes before a stage's steps: `step` of `stepsPerEpoch` are images then. */
function prepareProgress({ listener }: TrainOptions, { epoch }: TrainingPlace) {
  const begun = performance.now();
  return (phase: string, done: number, total: number): void => {
    const imagesPerSecond = (done * 1000) / Math.max(1, performance.now() - begun);
    const secondsLeft = done === 0 ? null : (total - done) / imagesPerSecond;
    const nothing = { loss: null, accuracy: null };
    listener.progress({
      epoch,
      step: done,
      stepsPerEpoch: total,
      ...nothing,
      imagesPerSecond,
      secondsLeft,
      phase,
    });
  };
}
