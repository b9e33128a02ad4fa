import { expect, test } from 'vitest';
import { trainingSettingsSchema } from '../../../../../src-main/contract/shared/training-settings.ts';
import { recipes } from '../../../../../src-main/registries/recipes/index.ts';
import { settingFields } from '../../../../../src-renderer/features/train/setting-fields.ts';
import {
  groupsOf,
  numberOf,
  problemOf,
  valueWords,
} from '../../../../../src-renderer/features/train/settings.ts';
import { reusableSettings, seedsFrom } from '../../../../../src-renderer/features/train/run-settings.ts';
import { makeRun } from '../../../../fixtures/make-run.ts';

const accepts = (key: string, value: unknown): boolean =>
  trainingSettingsSchema.safeParse({ [key]: value }).success;

test('shows every setting of a recipe once in the form, with a sentence', () => {
  for (const recipe of recipes) {
    const shown = groupsOf({ settingNames: [...recipe.settingNames] }).flatMap(
      (group) => group.settingFields,
    );
    expect(shown.map(({ key }) => key).toSorted(), recipe.id).toEqual([...recipe.settingNames].toSorted());
  }
  for (const { key, help } of settingFields) expect(help, key).toMatch(/^[^.].*\.$/);
  expect(new Set(settingFields.map(({ term }) => term)).size).toBe(settingFields.length);
});

test('takes the limits of the form from the contract', () => {
  for (const { key, control } of settingFields) {
    if (control.kind === 'number') {
      expect(accepts(key, control.min), `${key} ${control.min}`).toBe(true);
      expect(accepts(key, control.max), `${key} ${control.max}`).toBe(true);
      expect(accepts(key, control.max + 1), `${key} ${control.max + 1}`).toBe(false);
      expect(accepts(key, control.min - 1), `${key} ${control.min - 1}`).toBe(false);
      expect(accepts(key, Math.min(control.max, control.min + 1.5)), `${key}, a fraction`).toBe(
        !control.whole,
      );
      // A seed has no null, patience has.
      if (control.none) expect(accepts(key, null), `${key} null`).toBe(true);
    }
    if (control.kind === 'slider')
      for (const value of [control.min, control.max]) expect(accepts(key, value), key).toBe(true);
    if (control.kind === 'choice')
      for (const { value } of control.options) expect(accepts(key, value), `${key} ${value}`).toBe(true);
    if (control.kind === 'switch')
      for (const value of [control.on, control.off]) expect(accepts(key, value), key).toBe(true);
  }
  const choices = (key: string): string[] => {
    const control = settingFields.find((field) => field.key === key)?.control;
    return control?.kind === 'choice' ? control.options.map(({ value }) => value) : [];
  };
  const { shape } = trainingSettingsSchema;
  expect(choices('optimizer').toSorted()).toEqual([...shape.optimizer.unwrap().options].toSorted());
  expect(choices('schedule').toSorted()).toEqual([...shape.schedule.unwrap().options].toSorted());
});

test('explains why a value cannot be used', () => {
  const epochs = { kind: 'number', min: 1, max: 10_000, whole: true } as const;
  const rate = { kind: 'number', min: 1e-9, max: 10, whole: false } as const;
  expect(problemOf(epochs, '30')).toBe('');
  expect(problemOf(epochs, 'many')).toBe('Not a number.');
  expect(problemOf(epochs, '')).toBe('Not a number.');
  expect(problemOf(epochs, '0')).toBe('From 1 to 10,000.');
  expect(problemOf(epochs, '2.5')).toBe('A whole number, such as 3.');
  expect(problemOf(rate, '3e-4')).toBe('');
  expect(problemOf(rate, '0,001')).toBe('');
  expect(problemOf(rate, '0')).toBe('More than 0.');
  expect(problemOf(rate, '11')).toBe('At most 10.');
});

test('writes values as people do', () => {
  expect(numberOf(0.00002)).toBe('0.00002');
  expect(valueWords('learningRate', 1e-4)).toBe('0.0001');
  expect(valueWords('imageSize', 150)).toBe('150 × 150');
  expect(valueWords('optimizer', 'adamw')).toBe('AdamW');
  expect(valueWords('classWeights', 'balanced')).toBe('yes');
  expect(valueWords('patience', null)).toBe('never');
  expect(valueWords('seed', 123_456)).toBe('123456');
  expect(valueWords('augmentation', null)).toBe('none');
  expect(
    valueWords('augmentation', {
      transforms: { rotation: { rotation_range: 40 }, 'horizontal-flip': {} },
      fillMode: 'nearest',
      fillValue: 0,
    }),
  ).toBe('rotation, horizontal flip');
});

test('reuses the settings that the recipe has, and draws distinct seeds', () => {
  const { settings } = makeRun({ settings: { learningRate: 0.01, headUnits: 64 } });
  expect(reusableSettings(settings, ['learningRate', 'seed', 'stepsPerEpoch'])).toEqual({
    learningRate: 0.01,
  });
  expect(seedsFrom(7, 3)).toEqual([7, 8, 9]);
  expect(seedsFrom(2 ** 31 - 1, 2)).toEqual([2 ** 31 - 1, 0]);
});
