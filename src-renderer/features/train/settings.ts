/** Every setting of a training as the form shows it: its control, its limits, and what it does, in one sentence. */
import type { RecipeInfo, RunSettings, TrainingSettings } from '../../../src-main/contract/app/index.ts';
import { count, rateText } from '../../shared/text/format.ts';
import type { GlossaryTerm } from '../../shared/text/glossary.ts';
import { readNumber } from '../../shared/text/number-text.ts';

export type SettingKey = keyof TrainingSettings & keyof RunSettings;
export type SettingValue = RunSettings[SettingKey];

export const settingGroups = [
  'Schedule',
  'Network',
  'Pretrained network',
  'Regularisation',
  'Data and chance',
] as const;
export type SettingGroup = (typeof settingGroups)[number];

interface NumberControl {
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

/** In the order of the form. */
export const settingFields: readonly SettingField[] = [
  {
    key: 'epochs',
    group: 'Schedule',
    label: 'Epochs',
    term: 'epoch',
    help: 'More epochs learn longer; early stopping ends them when nothing improves any more.',
    control: whole(1, 10_000),
  },
  {
    key: 'batchSize',
    group: 'Schedule',
    label: 'Batch size',
    term: 'batch',
    help: 'Images per step: larger is steadier and faster, and needs more memory.',
    control: whole(1, 4096),
  },
  {
    key: 'stepsPerEpoch',
    group: 'Schedule',
    label: 'Steps per epoch',
    term: 'stepsPerEpoch',
    help: 'By itself, so many that every training image is seen once an epoch.',
    control: whole(1, 1_000_000),
  },
  {
    key: 'learningRate',
    group: 'Schedule',
    label: 'Learning rate',
    term: 'learningRate',
    help: 'How far each step moves the weights: the setting that matters most.',
    control: rate,
  },
  {
    key: 'headEpochs',
    group: 'Schedule',
    label: 'Epochs of the head',
    term: 'headEpochs',
    help: 'The head learns alone first, so that its first wild steps do not spoil the pretrained network.',
    control: whole(0, 10_000),
  },
  {
    key: 'headLearningRate',
    group: 'Schedule',
    label: 'Rate of the head',
    term: 'headLearningRate',
    help: 'The learning rate while only the head is trained; usually larger than the one after it.',
    control: rate,
  },
  {
    key: 'optimizer',
    group: 'Schedule',
    label: 'Optimizer',
    term: 'optimizer',
    help: 'How gradients become steps: RMSprop as in the lesson; Adam forgives a rough learning rate.',
    control: {
      kind: 'choice',
      options: [
        { value: 'rmsprop', label: 'RMSprop' },
        { value: 'adam', label: 'Adam' },
        { value: 'adamw', label: 'AdamW' },
        { value: 'sgd', label: 'SGD' },
      ],
    },
  },
  {
    key: 'schedule',
    group: 'Schedule',
    label: 'Rate over time',
    term: 'schedule',
    help: 'Smaller steps towards the end let the weights settle.',
    control: {
      kind: 'choice',
      options: [
        { value: 'constant', label: 'Constant' },
        { value: 'step', label: 'In steps' },
        { value: 'cosine', label: 'Cosine' },
      ],
    },
  },
  {
    key: 'warmupEpochs',
    group: 'Schedule',
    label: 'Warm-up',
    term: 'warmup',
    help: 'Epochs over which the learning rate rises from nothing, so that the first steps do no harm.',
    control: { kind: 'number', min: 0, max: 1000, whole: false },
  },
  {
    key: 'patience',
    group: 'Schedule',
    label: 'Early stopping',
    term: 'patience',
    help: 'Ends training after so many epochs in a row without a lower validation loss.',
    control: { ...whole(1, 10_000), none: { label: 'Never', otherwise: 8 } },
  },
  {
    key: 'keepBest',
    group: 'Schedule',
    label: 'Keep the best epoch',
    term: 'keepBest',
    help: 'Keeps the weights of the epoch with the lowest validation loss instead of the last ones.',
    control: { kind: 'switch', on: true, off: false },
  },
  {
    key: 'imageSize',
    group: 'Network',
    label: 'Image size',
    term: 'imageSize',
    help: 'Side of the square the network sees, in pixels: twice the side costs four times the time.',
    control: whole(8, 1024),
  },
  {
    key: 'pooling',
    group: 'Network',
    label: 'Feature map',
    term: 'headPooling',
    help: 'Averaged, the head is small and quick; flattened as in the lesson, it keeps where things are.',
    control: {
      kind: 'choice',
      options: [
        { value: 'average', label: 'Averaged' },
        { value: 'flatten', label: 'Flattened' },
      ],
    },
  },
  {
    key: 'headUnits',
    group: 'Network',
    label: 'Units of the head',
    term: 'headUnits',
    help: 'Size of a dense layer before the last one; 0 leaves it out.',
    control: whole(0, 4096),
  },
  {
    key: 'backbone',
    group: 'Pretrained network',
    label: 'Backbone',
    term: 'backbone',
    help: 'The network that has already learned to see; only its weights on this machine can be used.',
    control: { kind: 'backbone' },
  },
  {
    key: 'unfreezeFrom',
    group: 'Pretrained network',
    label: 'Train from layer',
    term: 'unfreezeFrom',
    help: 'Fine-tuning changes this layer and all after it; those before stay as they are.',
    control: { kind: 'layer' },
  },
  {
    key: 'dropout',
    group: 'Regularisation',
    label: 'Dropout',
    term: 'dropout',
    help: 'The share of values left out at random in each step, so that nothing is learned by heart.',
    control: { kind: 'slider', min: 0, max: 0.9, step: 0.05 },
  },
  {
    key: 'labelSmoothing',
    group: 'Regularisation',
    label: 'Label smoothing',
    term: 'labelSmoothing',
    help: 'Aims a little below certainty, which helps where some labels are wrong.',
    control: { kind: 'slider', min: 0, max: 0.5, step: 0.01 },
  },
  {
    key: 'mixup',
    group: 'Regularisation',
    label: 'Mixup',
    term: 'mixup',
    help: 'Lays pairs of photos over each other and mixes their labels; 0 is off, 0.2 is usual.',
    control: { kind: 'slider', min: 0, max: 1, step: 0.05 },
  },
  {
    key: 'augmentation',
    group: 'Data and chance',
    label: 'Augmentation',
    term: 'augmentation',
    help: 'Random changes to the training photos; validation and test photos stay as they are.',
    control: { kind: 'augmentation' },
  },
  {
    key: 'augmentedCopies',
    group: 'Data and chance',
    label: 'Augmented copies',
    term: 'augmentedCopies',
    help: 'So many changed copies of each photo are looked at once and kept; 0 uses the photo itself.',
    control: whole(0, 64),
  },
  {
    key: 'classWeights',
    group: 'Data and chance',
    label: 'Even out the classes',
    term: 'classWeights',
    help: 'Photos of a rare class count for more, so that all classes count the same.',
    control: { kind: 'switch', on: 'balanced', off: 'none' },
  },
  {
    key: 'seed',
    group: 'Data and chance',
    label: 'Seed',
    term: 'seed',
    help: 'The number all chance is drawn from: the same seed gives the same run.',
    control: whole(0, 2 ** 31 - 1),
  },
];

/** The groups that have something to say for a recipe, with its settingFields. */
export function groupsOf(
  recipe: Pick<RecipeInfo, 'settingNames'>,
): { name: SettingGroup; settingFields: SettingField[] }[] {
  const named = new Set(recipe.settingNames);
  return settingGroups
    .map((name) => ({
      name,
      settingFields: settingFields.filter((field) => field.group === name && named.has(field.key)),
    }))
    .filter((group) => group.settingFields.length > 0);
}

/** Why what someone typed cannot be used; an empty text when it can. */
export function problemOf({ min, max, whole: integers }: NumberControl, text: string): string {
  const value = readNumber(text);
  if (value === null) return 'Not a number.';
  if (integers && !Number.isInteger(value)) {
    return `A whole number, such as ${Math.max(min, Math.min(max, Math.round(value)))}.`;
  }
  if (min < 1e-6 && min > 0) {
    if (value < min) return 'More than 0.';
    if (value > max) return `At most ${count(max)}.`;
  }
  if (value < min || value > max) return `From ${count(min)} to ${count(max)}.`;
  return '';
}

/** A number of a setting as it stands in its field. */
export function numberOf(value: number): string {
  return Number.isInteger(value) ? String(value) : rateText(value);
}

/** A setting's value in words, for facts and comparisons. */
export function valueWords(key: SettingKey, value: SettingValue): string {
  if (key === 'augmentation') return augmentationWords(value as RunSettings['augmentation']);
  if (key === 'unfreezeFrom' && value === null) return 'chosen for you';
  const control = settingFields.find((field) => field.key === key)?.control;
  if (control === undefined) return String(value);
  if (control.kind === 'switch') return value === control.on ? 'yes' : 'no';
  if (control.kind === 'choice')
    return control.options.find((option) => option.value === value)?.label ?? String(value);
  if (value === null) return control.kind === 'number' ? (control.none?.label.toLowerCase() ?? '–') : '–';
  if (typeof value !== 'number') return String(value);
  if (key === 'imageSize') return `${value} × ${value}`;
  return key === 'seed' || !Number.isInteger(value) ? numberOf(value) : count(value);
}

function augmentationWords(settings: RunSettings['augmentation']): string {
  const ids = Object.keys(settings?.transforms ?? {});
  if (ids.length === 0) return 'none';
  return ids.map((id) => id.replaceAll('-', ' ')).join(', ');
}

/** True for settings that say the same. */
export function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
