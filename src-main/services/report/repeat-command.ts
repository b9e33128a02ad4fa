/** The command that trains a run again. */
import type { RunRecord } from '../../project/runs/runs.ts';

/** Flags of `train` by the setting they set. */
const flags = {
  epochs: '--epochs',
  batchSize: '--batch-size',
  stepsPerEpoch: '--steps-per-epoch',
  learningRate: '--learning-rate',
  imageSize: '--image-size',
  backbone: '--backbone',
  pooling: '--pooling',
  dropout: '--dropout',
  headUnits: '--head-units',
  unfreezeFrom: '--unfreeze-from',
  optimizer: '--optimizer',
  schedule: '--schedule',
  seed: '--seed',
} as const;

/**
 * `lenslet train --project … --recipe … --epochs …`, with the settings that mean something for the recipe. A backbone
 * that is a path is left out: it is another one on another computer.
 */
export function repeatCommand(
  { recipe, settings }: Pick<RunRecord, 'recipe' | 'settings'>,
  settingNames: readonly string[],
): string {
  const words = Object.entries(flags).flatMap(([name, flag]) => {
    const value = settings[name as keyof typeof flags];
    const means = name === 'seed' || settingNames.includes(name);
    if (!means || value === null || value === undefined || /[\s/\\]/.test(String(value))) return [];
    return [flag, String(value)];
  });
  return ['lenslet train --project PROJECT --recipe', recipe, ...words].join(' ');
}
