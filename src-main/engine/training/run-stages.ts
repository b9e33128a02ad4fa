/** The stages of a run, made ready one after another. */
import type { Augmentation } from '../augmentation/augmentation.ts';
import { createAugmenter } from '../augmentation/augmenter.ts';
import type { RunSettings } from '../../contract/shared/training-settings.ts';
import type { RecipeStage } from '../network/recipe.ts';
import type { Backend } from '../base/backend.ts';
import type { LabelledSlots } from '../step/batches.ts';
import { toClassifier } from '../step/classifier.ts';
import {
  type FeatureTask,
  type OpenFeatures,
  copiesReader,
  featureName,
  fillFeatures,
  heldReader,
} from '../transfer/feature-cache.ts';
import type { FrozenNetworks } from '../transfer/frozen-networks.ts';
import type { FeatureFile, TileReader } from '../../core/files/records.ts';
import { trainableVariables } from '../step/programs.ts';
import { type RunNetwork, freezeFor } from '../transfer/run-network.ts';
import type { PrepareProgress, Stage, StageInput, StagePlan } from './stage.ts';
import { headClassifier, headVariables, wholeClassifier } from '../transfer/transfer.ts';
import type * as tfjs from '@tensorflow/tfjs';

/** What the stages of a run are made of. */
export interface StageContext {
  readonly backend: Backend;
  readonly frozen: FrozenNetworks;
  /** All there are. */
  readonly augmentations: readonly Augmentation[];
  readonly network: RunNetwork;
  readonly settings: RunSettings;
  readonly tiles: TileReader;
  readonly train: LabelledSlots;
  readonly validation: LabelledSlots | null;
  readonly openFeatures: OpenFeatures;
  readonly yieldToOthers: () => Promise<void>;
  /** True when the run is to end: computing features then ends too. */
  readonly isEnding: () => boolean;
}

/** The stages of a recipe as the training loop takes them. */
export function planStages(context: StageContext, stages: readonly RecipeStage[]): StagePlan[] {
  return stages.map((stage) => ({
    ...stage,
    open: (onProgress, signal) => {
      freezeFor(context.network, stage.trains, context.settings);
      return stage.input === 'features'
        ? openFeatureStage(context, onProgress, signal)
        : openImageStage(context, stage, onProgress, signal);
    },
  }));
}

/** All through the network at each step. What is validated through a frozen backbone still comes from the cache. */
async function openImageStage(
  context: StageContext,
  { trains }: RecipeStage,
  onProgress: PrepareProgress,
  signal: AbortSignal | undefined,
): Promise<Stage> {
  const { backend, network, settings, tiles, train, validation } = context;
  const { model, transfer, preprocessing } = network;
  const { tf } = backend;
  const classifier = transfer === null ? toClassifier(tf, model) : wholeClassifier(tf, transfer);
  const augmenter =
    settings.augmentation === null ? null : createAugmenter(context.augmentations, settings.augmentation);
  const isFrozen = transfer !== null && trains === 'head';
  const cached =
    isFrozen && validation !== null ? await openCached(context, validation, onProgress, signal) : null;
  const plain: StageInput | null = validation && { classifier, reader: tiles, data: validation };
  return {
    train: { classifier, reader: tiles, data: train, augmenter },
    validation: cached === null ? plain : cached.input,
    preprocessing,
    variables: trainableVariables(model),
    weights: isFrozen ? headVariables(transfer) : allVariables(model),
    saveEveryEpoch: true,
    close: async () => cached?.close(),
  };
}

/** A head on features that were computed once: of each image, and of so many augmented copies. */
async function openFeatureStage(
  context: StageContext,
  onProgress: PrepareProgress,
  signal: AbortSignal | undefined,
): Promise<Stage> {
  const { backend, network, settings, train, validation } = context;
  const transfer = network.transfer!;
  const slots = Array.from(train.slots);
  const { augmentation, augmentedCopies, seed } = settings;
  const copies = augmentation === null ? 0 : augmentedCopies;
  const files: FeatureFile[] = [];
  const close = async (): Promise<void> => {
    for (const file of files.splice(0)) await file.close();
  };
  try {
    const own = await openFile(context, null);
    files.push(own);
    const wanted = [...slots, ...Array.from(validation?.slots ?? [])];
    const tasks: FeatureTask[] = [{ file: own, slots: wanted, augmentation: null }];
    for (let index = 0; index < copies; index++) {
      const file = await openFile(context, { settings: augmentation!, seed, index });
      files.push(file);
      const augmenter = createAugmenter(context.augmentations, augmentation!);
      tasks.push({ file, slots, augmentation: { augmenter, seed: seed + index } });
    }
    await fill(context, tasks, onProgress, signal);
    const capacity = wanted.reduce((largest, slot) => Math.max(largest, slot), 0) + 1;
    const labels = Array.from(train.labels);
    const data = {
      slots: files.flatMap((_, copy) => slots.map((slot) => copy * capacity + slot)),
      labels: files.flatMap(() => labels),
    };
    const classifier = headClassifier(backend.tf, transfer);
    const reader = await heldReader(copiesReader(files, capacity), data.slots);
    return {
      train: { classifier, reader, data, augmenter: null },
      validation: validation && {
        classifier,
        reader: await heldReader(own, validation.slots),
        data: validation,
      },
      preprocessing: network.preprocessing,
      variables: headVariables(transfer),
      weights: headVariables(transfer),
      saveEveryEpoch: false,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Images as features from the cache, for a frozen backbone. */
async function openCached(
  context: StageContext,
  data: LabelledSlots,
  onProgress: PrepareProgress,
  signal: AbortSignal | undefined,
): Promise<{ input: StageInput; close(): Promise<void> }> {
  const file = await openFile(context, null);
  try {
    await fill(context, [{ file, slots: Array.from(data.slots), augmentation: null }], onProgress, signal);
    const reader = await heldReader(file, data.slots);
    const classifier = headClassifier(context.backend.tf, context.network.transfer!);
    return { input: { classifier, reader, data }, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function openFile(
  { backend: { precision }, network: { transfer, preprocessing }, openFeatures }: StageContext,
  copy: Parameters<typeof featureName>[0]['copy'],
): Promise<FeatureFile> {
  const { hash, pooling, featureShape } = transfer!;
  const name = featureName({
    hash,
    preprocessing,
    pooling: pooling === null ? 'flatten' : 'average',
    precision,
    copy,
  });
  return openFeatures(name, featureShape);
}

async function fill(
  { backend, frozen, network, tiles, yieldToOthers, isEnding }: StageContext,
  tasks: readonly FeatureTask[],
  onProgress: PrepareProgress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const work = {
    backend,
    frozen,
    parts: network.transfer!,
    hash: network.transfer!.hash,
    preprocessing: network.preprocessing,
    tiles,
    yieldToOthers,
    isEnding,
    signal,
  };
  await fillFeatures(work, tasks, (done, total) => onProgress('computing features', done, total));
}

function allVariables(model: tfjs.LayersModel): tfjs.Variable[] {
  return model.weights.map((weight) => weight.read() as tfjs.Variable);
}
