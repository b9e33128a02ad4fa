/** Every setting of a training as the form shows it: its group, its control and its limits. */
import type { RunSettings, TrainingSettings } from '../../../src-main/contract/app/index.ts';
import type { GlossaryTerm } from '../../shared/text/glossary.ts';
import { type settingGroups, settingText } from './text.ts';

export type SettingKey = keyof TrainingSettings & keyof RunSettings;
export type SettingValue = RunSettings[SettingKey];

export type SettingGroup = (typeof settingGroups)[number];

export interface NumberControl {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  /** What null means; missing where there is always a number. `otherwise`: what the number is when switched on. */
  readonly none?: { readonly label: string; readonly otherwise: number };
}
interface SliderControl {
  readonly kind: 'slider';
  readonly min: number;
  readonly max: number;
  readonly step: number;
}
interface ChoiceControl {
  readonly kind: 'choice';
  readonly options: readonly { readonly value: string; readonly label: string }[];
}
interface SwitchControl {
  readonly kind: 'switch';
  readonly on: string | boolean;
  readonly off: string | boolean;
}
/** Controls that need more than a value: lists of networks and layers, the augmentation. */
interface SpecialControl {
  readonly kind: 'backbone' | 'layer' | 'augmentation';
}
export type Control = NumberControl | SliderControl | ChoiceControl | SwitchControl | SpecialControl;

export interface SettingField {
  readonly key: SettingKey;
  readonly group: SettingGroup;
  readonly label: string;
  readonly term: GlossaryTerm;
  /** One sentence under the control. */
  readonly help: string;
  readonly control: Control;
}

const whole = (min: number, max: number): NumberControl => ({ kind: 'number', min, max, whole: true });
const rate: NumberControl = { kind: 'number', min: 1e-9, max: 10, whole: false };
const slider = (min: number, max: number, step: number): SliderControl => ({
  kind: 'slider',
  min,
  max,
  step,
});
const choice = (options: Readonly<Record<string, string>>): ChoiceControl => ({
  kind: 'choice',
  options: Object.entries(options).map(([value, label]) => ({ value, label })),
});

function field<Key extends SettingKey & keyof typeof settingText>(
  group: SettingGroup,
  key: Key,
  control: Control,
  term: GlossaryTerm,
): SettingField {
  const { label, help } = settingText[key];
  return { key, group, label, term, help, control };
}

/** In the order of the form. */
export const settingFields: readonly SettingField[] = [
  field('Schedule', 'lecture', { kind: 'switch', on: true, off: false }, 'lecture'),
  field('Schedule', 'epochs', whole(1, 10_000), 'epoch'),
  field('Schedule', 'batchSize', whole(1, 4096), 'batch'),
  field('Schedule', 'stepsPerEpoch', whole(1, 1_000_000), 'stepsPerEpoch'),
  field('Schedule', 'learningRate', rate, 'learningRate'),
  field('Schedule', 'headEpochs', whole(0, 10_000), 'headEpochs'),
  field('Schedule', 'headLearningRate', rate, 'headLearningRate'),
  field('Schedule', 'optimizer', choice(settingText.optimizer.options), 'optimizer'),
  field('Schedule', 'schedule', choice(settingText.schedule.options), 'schedule'),
  field('Schedule', 'warmupEpochs', { kind: 'number', min: 0, max: 1000, whole: false }, 'warmup'),
  field(
    'Schedule',
    'patience',
    { ...whole(1, 10_000), none: { label: settingText.patience.none, otherwise: 8 } },
    'patience',
  ),
  field('Schedule', 'keepBest', { kind: 'switch', on: true, off: false }, 'keepBest'),
  field('Network', 'imageSize', whole(8, 1024), 'imageSize'),
  field('Network', 'resize', choice(settingText.resize.options), 'resizing'),
  field('Network', 'pooling', choice(settingText.pooling.options), 'headPooling'),
  field('Network', 'headUnits', whole(0, 4096), 'headUnits'),
  field('Pretrained network', 'backbone', { kind: 'backbone' }, 'backbone'),
  field('Pretrained network', 'preprocess', choice(settingText.preprocess.options), 'preprocessing'),
  field('Pretrained network', 'unfreezeFrom', { kind: 'layer' }, 'unfreezeFrom'),
  field('Regularisation', 'dropout', slider(0, 0.9, 0.05), 'dropout'),
  field('Regularisation', 'labelSmoothing', slider(0, 0.5, 0.01), 'labelSmoothing'),
  field('Regularisation', 'mixup', slider(0, 1, 0.05), 'mixup'),
  field('Data and chance', 'augmentation', { kind: 'augmentation' }, 'augmentation'),
  field('Data and chance', 'augmentedCopies', whole(0, 64), 'augmentedCopies'),
  field('Data and chance', 'classWeights', { kind: 'switch', on: 'balanced', off: 'none' }, 'classWeights'),
  field('Data and chance', 'seed', whole(0, 2 ** 31 - 1), 'seed'),
];
