import { expect, test } from 'vitest';
import type { RecipeInfo } from '../../../../../src-main/contract/app/index.ts';
import { recipes as registry } from '../../../../../src-main/registries/recipes/index.ts';
import {
  comparedCurves,
  differingSettings,
  letterOf,
  lookOf,
  maxCompared,
} from '../../../../../src-renderer/features/results/compare-runs.ts';
import { makeHistory, makeRun } from '../../../../fixtures/make-run.ts';

const recipes: RecipeInfo[] = registry.map(({ id, label, description, defaults, settingNames }) => ({
  id,
  label,
  description,
  defaults,
  settingNames: [...settingNames],
}));

test('lists only the settings that differ, in words', () => {
  const rows = differingSettings(
    [
      makeRun({ settings: { learningRate: 0.001, keepBest: true } }),
      makeRun({ settings: { learningRate: 0.0001, patience: 5 } }),
    ],
    recipes,
  );
  expect(rows.map(({ label, values }) => [label, ...values])).toEqual([
    ['Learning rate', '0.001', '0.0001'],
    ['Early stopping', 'never', '5'],
    ['Keep the best epoch', 'yes', 'no'],
  ]);
  expect(differingSettings([makeRun(), makeRun()], recipes)).toEqual([]);
});

test('shows a dash for a setting that one recipe lacks, and leaves out settings that both lack', () => {
  const rows = differingSettings(
    [
      makeRun({ settings: { headUnits: 3 } }),
      makeRun({ recipe: 'feature-extraction', settings: { headUnits: 256 } }),
    ],
    recipes,
  );
  const byLabel = new Map(rows.map(({ label, values }) => [label, values]));
  expect(byLabel.get('Recipe')).toEqual(['From scratch', 'Feature extraction']);
  expect(byLabel.get('Units of the head')).toEqual(['–', '256']);
  expect(byLabel.has('Epochs of the head')).toBe(false);
  const data = differingSettings([makeRun({ dataHash: 'one' }), makeRun({ dataHash: 'two' })], recipes);
  expect(data).toMatchObject([{ label: 'Data', values: ['one', 'two'] }]);
});

test('draws compared curves so that they differ without colour', () => {
  const places = Array.from({ length: maxCompared }, (_, place) => place);
  expect(new Set(places.map((place) => JSON.stringify(lookOf(place).dash))).size).toBe(maxCompared);
  expect(new Set(places.map((place) => lookOf(place).marker)).size).toBe(maxCompared);
  expect(places.map(letterOf).join('')).toBe('ABCDEF');
});

test('names curves of compared runs by letter and split', () => {
  const history = makeHistory([{ name: 'training', losses: [0.5, 0.25] }]);
  const [first, second] = comparedCurves(
    [makeRun({ id: 'x', history }), makeRun({ id: 'y' })],
    'loss',
    'validation',
  );
  expect(first).toMatchObject({ name: 'A Run x', short: 'A' });
  expect(first.points).toEqual([
    { x: 1, y: 0.5 },
    { x: 2, y: 0.25 },
  ]);
  expect(second.points).toEqual([]);
});
