/** Runs side by side: what was set differently, and their curves over each other. */
import type { RecipeInfo, Run } from '../../../src-main/contract/app/index.ts';
import { engineName } from '../../shared/text/engine-name.ts';
import type { GlossaryTerm } from '../../shared/text/glossary.ts';
import { type Curve, type Quantity, pointsOf } from '../../shared/charts/history-series.ts';
import { settingFields, sameValue, valueWords } from '../train/index.ts';
import { compareRunsText } from './text.ts';

/** The largest number of runs in one comparison. */
export const maxCompared = 6;

/** A, B, C …: how a run is called in its comparison. */
export function letterOf(place: number): string {
  return String.fromCharCode(65 + place);
}

/** A setting with its value in each of the runs. */
export interface SettingRow {
  readonly label: string;
  readonly term: GlossaryTerm;
  /** `–` where the run's recipe does not have it. */
  readonly values: readonly string[];
}

/** Only what differs between the runs: recipe, settings that matter for one of them at least, data and engine. */
export function differingSettings(runs: readonly Run[], recipes: readonly RecipeInfo[]): SettingRow[] {
  const recipeOf = (run: Run): RecipeInfo | undefined => recipes.find(({ id }) => id === run.recipe);
  const rows: SettingRow[] = [
    {
      label: compareRunsText.recipe,
      term: 'recipe',
      values: runs.map((run) => recipeOf(run)?.label ?? run.recipe),
    },
  ];
  for (const { key, label, term } of settingFields) {
    const speaks = runs.map((run) => recipeOf(run)?.settingNames.includes(key) ?? true);
    const values = runs.map((run) => run.settings[key]);
    const spoken = values.filter((_, i) => speaks[i]);
    if (spoken.every((value) => sameValue(value, spoken[0])) && speaks.every((one) => one === speaks[0]))
      continue;
    rows.push({ label, term, values: values.map((value, i) => (speaks[i] ? valueWords(key, value) : '–')) });
  }
  rows.push(
    { label: compareRunsText.data, term: 'dataHash', values: runs.map((run) => run.dataHash.slice(0, 12)) },
    { label: compareRunsText.engine, term: 'engine', values: runs.map((run) => engineName(run.engine)) },
  );
  return rows.filter(({ values }) => values.some((value) => value !== values[0]));
}

/** Dashes and points by which runs differ without colour. */
const looks = [
  { dash: [], marker: 'circle' },
  { dash: [7, 4], marker: 'triangle' },
  { dash: [2, 3], marker: 'rect' },
  { dash: [9, 3, 2, 3], marker: 'rectRot' },
  { dash: [14, 4], marker: 'cross' },
  { dash: [4, 2, 1, 2], marker: 'star' },
] as const;

/** How the run at a place of a comparison is drawn. */
export function lookOf(place: number): Curve['look'] {
  const { dash, marker } = looks[place % looks.length];
  return { colour: place % looks.length, dash: [...dash], marker };
}

/** One curve for each run. */
export function comparedCurves(
  runs: readonly Run[],
  quantity: Quantity,
  split: 'training' | 'validation',
): Curve[] {
  return runs.map((run, place) => ({
    name: `${letterOf(place)} ${run.name}`,
    short: letterOf(place),
    points: pointsOf(run.history, quantity, split),
    provisional: null,
    look: lookOf(place),
  }));
}
