/**
 * Checkpoints: all that a run needs to go on as if it had never stopped: weights, optimizer slots, place in the
 * schedule, sums of the running epoch, history. The tensors go to a file of their own; `state.json` names it and is
 * written last, so the pair is always one that belongs together.
 */
import type * as tfjs from '@tensorflow/tfjs';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { epochSchema } from '../../contract/app/runs.ts';
import type { Tf } from '../base/backend.ts';
import { type Storage, readJson, writeJson } from '../../core/files/storage.ts';
import { bytesToVariables, variableBytes, variablesToBytes } from '../base/tensor-file.ts';

const folder = 'checkpoint';
/** Its presence means that a run can be resumed. */
export const checkpointFile = `${folder}/state.json`;

const placeSchema = z.object({
  /** Which stage of the run is running, counted from 0. */
  stage: z.number().int().default(0),
  /** Epochs that were done when it began. */
  epochsBefore: z.number().int().default(0),
  /** The epoch that is running, counted from 1. */
  epoch: z.number().int(),
  /** Steps of it that are done. */
  step: z.number().int(),
  /** Sum of losses, right answers and images of those steps. */
  sums: z.tuple([z.number(), z.number(), z.number()]),
  /** Seconds spent on those steps. */
  epochSeconds: z.number(),
  /** Seconds of training in all. */
  seconds: z.number(),
  history: z.array(epochSchema),
});
/** Where a run is. */
export type TrainingPlace = z.infer<typeof placeSchema>;

const stateSchema = z.object({
  version: z.literal(1),
  tensors: z.string(),
  bytes: z.number().int(),
  place: placeSchema,
});

/** A run's beginning. */
export function startingPlace(): TrainingPlace {
  return {
    stage: 0,
    epochsBefore: 0,
    epoch: 1,
    step: 0,
    sums: [0, 0, 0],
    epochSeconds: 0,
    seconds: 0,
    history: [],
  };
}

/** Saves weights and slots with the place they belong to, and removes the checkpoint before. */
export async function saveCheckpoint(
  storage: Storage,
  variables: readonly tfjs.Variable[],
  place: TrainingPlace,
): Promise<void> {
  const name = `tensors-${place.stage}-${place.epoch}-${place.step}.bin`;
  const bytes = await variablesToBytes(variables);
  await storage.write(`${folder}/${name}`, bytes);
  await writeJson(storage, checkpointFile, { version: 1, tensors: name, bytes: bytes.byteLength, place });
  for (const other of await storage.list(folder)) {
    if (other.endsWith('.bin') && other !== name) await storage.remove(`${folder}/${other}`);
  }
}

/** The place of the saved checkpoint, or null when there is none that can be read. */
export async function readCheckpointPlace(storage: Storage): Promise<TrainingPlace | null> {
  const state = await readState(storage);
  return state?.place ?? null;
}

async function readState(storage: Storage): Promise<z.infer<typeof stateSchema> | null> {
  const parsed = stateSchema.safeParse(await readJson(storage, checkpointFile).catch(() => null));
  return parsed.success ? parsed.data : null;
}

/**
 * Loads weights and slots into the variables.
 * @param run the run's id, for the error
 * @throws AppError TRAINING_NOT_RESUMABLE when there is no checkpoint or it does not fit the model
 */
export async function loadCheckpoint(
  tf: Tf,
  storage: Storage,
  variables: readonly tfjs.Variable[],
  run: string,
): Promise<TrainingPlace> {
  const state = await readState(storage);
  if (state === null)
    throw new AppError('TRAINING_NOT_RESUMABLE', { id: run, reason: 'it has no checkpoint' });
  const bytes = await storage.read(`${folder}/${state.tensors}`);
  if (bytes?.byteLength !== state.bytes || state.bytes !== variableBytes(variables)) {
    throw new AppError('TRAINING_NOT_RESUMABLE', { id: run, reason: 'its checkpoint is damaged' });
  }
  bytesToVariables(tf, bytes, variables);
  return state.place;
}
