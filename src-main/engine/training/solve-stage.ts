/** A stage whose weights are solved for at once, instead of approached in steps: a linear head on frozen features. */
import type * as tfjs from '@tensorflow/tfjs';
import { throwIfCancelled } from '../../contract/shared/errors.ts';
import type { Epoch } from '../../contract/app/runs.ts';
import { runInPieces } from '../../core/jobs/in-pieces.ts';
import type { LinearClassifier } from '../../core/statistics/logistic-regression/logistic-regression.ts';
import { Stopwatch } from '../base/stopwatch.ts';
import { evaluate } from '../inference/evaluation.ts';
import { evaluateProgram } from '../step/programs.ts';
import { assignLinearHead, readProblem, solveLinearHead } from '../transfer/linear-head.ts';
import { saveCheckpoint } from './checkpoint.ts';
import type { StageInput } from './stage.ts';
import type { StageOptions } from './stage-run.ts';
import { computingOf, programOptions } from './stage-steps.ts';
import type { TrainOutcome } from './train-options.ts';
import { isEnding, letOthers } from './turns.ts';

/** Milliseconds after which messages and predictions have their turn. */
const pieceMilliseconds = 20;

/**
 * Solves the stage, measures it and saves the model; one epoch in the history stands for it.
 * @returns null when it is done, else how the run ended meanwhile. There is nothing to keep then: it begins anew.
 * @throws AppError CANCELLED, storage errors
 */
export async function solveStage(options: StageOptions): Promise<TrainOutcome['outcome'] | null> {
  const { backend, stage, stages, place, settings, listener, saveModel, storage, watch } = options;
  const { tf } = backend;
  const { name } = stages[place.stage];
  const evaluation = evaluateProgram(programOptions(options, stage.train));
  const programs = backend.prepare({ evaluate: evaluation });
  tf.dispose(evaluation.exampleInputs as tfjs.Tensor[]);
  const stageWatch = new Stopwatch();
  const pause = (): Promise<void> => letOthers(options, [stageWatch, watch]);
  const save = async (): Promise<void> => {
    place.seconds = watch.seconds;
    await saveCheckpoint(storage, stage.weights, place);
    listener.checkpoint(place.epoch, place.step);
  };
  try {
    // A resumed run may have been killed after it was solved.
    place.history.length = place.epochsBefore;
    place.epoch = place.epochsBefore + 1;
    listener.stage({ name, computing: computingOf(programs), history: place.history });
    await save();
    const solved = await solve(options, pause);
    if (solved === null || isEnding(options)) return endOf(options);
    assignLinearHead(tf, stage.variables, solved);
    programs.writeVariables();
    const measure = ({ reader, data, classifier: { classes } }: StageInput) => {
      const { batchSize } = settings;
      return evaluate({ backend, programs, reader, data, classes, batchSize, yieldToOthers: pause });
    };
    const learnt = await measure(stage.train);
    const judged = stage.validation && (await measure(stage.validation));
    const epoch: Epoch = {
      epoch: place.epoch,
      loss: learnt.loss,
      accuracy: learnt.accuracy,
      valLoss: judged?.loss ?? null,
      valAccuracy: judged?.accuracy ?? null,
      seconds: stageWatch.seconds,
      stage: name,
    };
    place.history.push(epoch);
    place.epoch++;
    await save();
    await saveModel(place.history.length);
    const { numTensors: tensors, numBytes: tensorBytes } = tf.memory();
    listener.epoch(epoch, { tensors, tensorBytes, residentBytes: options.residentBytes() }, watch.seconds);
    return null;
  } finally {
    programs.dispose();
    await stage.close();
  }
}

/** The best weights; null when the run is ended meanwhile. */
async function solve(options: StageOptions, pause: () => Promise<void>): Promise<LinearClassifier | null> {
  const { backend, stage, place, settings, classWeights, listener, watch } = options;
  const { train, validation } = stage;
  const onProgress = (step: number, stepsPerEpoch: number): void =>
    listener.progress({
      epoch: place.epoch,
      step,
      stepsPerEpoch,
      loss: null,
      accuracy: null,
      imagesPerSecond: 0,
      secondsLeft: null,
      phase: 'solving the head',
      seconds: watch.seconds,
    });
  const { classes } = train.classifier;
  const { seed } = settings;
  const problem = await readProblem({ train, validation, classes, classWeights });
  return runInPieces(solveLinearHead(backend.tf, problem, { seed, onProgress }), {
    milliseconds: pieceMilliseconds,
    stillWanted: () => !isEnding(options),
    pause,
  });
}

/** @throws AppError CANCELLED */
function endOf({ signal }: StageOptions): TrainOutcome['outcome'] {
  throwIfCancelled(signal);
  return 'interrupted';
}
