/** The flags of `train` and `summary` that become training settings. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { preprocessingNames } from '../../contract/shared/preprocessing.ts';
import {
  type TrainingSettings,
  optimizerIds,
  resizeSchema,
  scheduleIds,
  trainingSettingsSchema,
} from '../../contract/shared/training-settings.ts';
import { backboneIds } from './ids/backbone-ids.ts';
import { positive, whole } from './flags.ts';

function share(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= 0 && value <= most) return value;
    throw new InvalidArgumentError(`Give a number from 0 to ${most}.`);
  };
}

/** A path is kept whole: the run may be gone on with from another folder. */
function backboneReference(text: string): string {
  return !backboneIds.includes(text) && existsSync(text) ? resolve(text) : text;
}

/** `--image-size` and `--backbone`. */
export function backboneFlags(): Option[] {
  return [
    new Option('--image-size <n>', 'side of the square images, in pixels').argParser(whole(8, 1024)),
    new Option(
      '--backbone <id|path>',
      `the pretrained network: ${backboneIds.join(', ')}, or a model file or folder`,
    ).argParser(backboneReference),
  ];
}

/** Those, and what else describes the network: for `summary` too. */
export function networkFlags(): Option[] {
  return [
    ...backboneFlags(),
    new Option('--preprocess <kind>', 'how it wants its pixels; as its file says when left out').choices(
      preprocessingNames,
    ),
    new Option('--pooling <kind>', 'how its feature map becomes a list').choices(['flatten', 'average']),
    new Option('--head-units <n>', 'units of the dense layer after it; 0 for none').argParser(whole(0, 4096)),
    new Option(
      '--resize <kind>',
      'how photos are made smaller: averaged, or their nearest pixels as Keras’ generator takes',
    ).choices(resizeSchema.options),
    new Option('--dropout <share>', 'values left out at random before the head').argParser(share(0.9)),
    new Option('--unfreeze-from <layer>', 'the first layer of it that fine-tuning trains'),
  ];
}

/** All settings of a training. */
export function trainingFlags(): Option[] {
  return [
    new Option('--lecture', 'exactly as the lecture has it; the plan says what differs and what it gains'),
    new Option('--epochs <n>', 'times through the images').argParser(whole(1, 10_000)),
    new Option('--batch-size <n>', 'images per step').argParser(whole(1, 4096)),
    new Option('--steps-per-epoch <n>', 'steps that make an epoch; all images when left out').argParser(
      whole(1, 1_000_000),
    ),
    new Option('--learning-rate <x>', 'size of the optimizer’s steps').argParser(positive(10)),
    new Option('--seed <n>', 'seed of every random draw; the same seed gives the same history').argParser(
      whole(0),
    ),
    ...networkFlags(),
    new Option('--optimizer <id>', 'how the weights follow the gradients').choices(optimizerIds),
    new Option('--schedule <id>', 'how the learning rate changes').choices(scheduleIds),
    new Option('--warmup-epochs <n>', 'epochs over which the learning rate rises').argParser(share(1000)),
    new Option('--patience <n>', 'stop after so many epochs without a lower validation loss').argParser(
      whole(1, 10_000),
    ),
    new Option('--keep-best', 'keep the epoch with the lowest validation loss'),
    new Option('--no-keep-best', 'keep the last epoch'),
    new Option('--class-weights <kind>', 'make uneven classes count the same').choices(['none', 'balanced']),
    new Option('--label-smoothing <share>', 'certainty taken from the labels').argParser(share(0.5)),
    new Option('--mixup <alpha>', 'strength of mixing pairs of images; 0 for none').argParser(share(2)),
    new Option('--no-augmentation', 'show the images as they are'),
    new Option('--augmented-copies <n>', 'altered copies of each image whose features are cached').argParser(
      whole(0, 64),
    ),
    new Option('--head-epochs <n>', 'epochs of the head alone, before fine-tuning').argParser(
      whole(0, 10_000),
    ),
    new Option('--head-learning-rate <x>', 'learning rate of these').argParser(positive(10)),
  ];
}

/** The settings among a command's flags. */
export function settingsOf(flags: object): TrainingSettings {
  const known = new Set(Object.keys(trainingSettingsSchema.shape));
  const given = Object.entries(flags).filter(([key, value]) => known.has(key) && value !== undefined);
  const settings = Object.fromEntries(given) as TrainingSettings & { augmentation?: unknown };
  // `--no-augmentation` comes as false, its absence as true.
  const { augmentation, ...rest } = settings as Omit<TrainingSettings, 'augmentation'> & {
    augmentation?: boolean;
  };
  return augmentation === false ? { ...rest, augmentation: null } : rest;
}
