/** What might disappoint about a training, said before it begins. */
import { checks } from '../../analysis/checks/index.ts';
import type { DatasetSummary } from '../../contract/app/datasets.ts';
import type { SplitCounts } from '../../contract/shared/vocabulary.ts';
import { sumValues } from '../../core/statistics/statistics.ts';
import type { Project } from '../../project/project.ts';
import { countFindings } from '../../project/runs/findings.ts';
import { tornClasses } from '../project/splits.ts';
import type { CompletedDraft, TrainingDraft } from './training-draft.ts';

/** The warnings of a plan, a sentence each. */
export function planWarnings(project: Project, completed: CompletedDraft, draft: TrainingDraft): string[] {
  return [
    ...ignoredWarnings(completed, draft),
    ...findingWarnings(graveFindings(project)),
    ...classWarnings(completed),
    ...gapWarnings(completed.dataset, completed.counts),
    ...tornWarnings(project, completed.dataset),
    ...completed.warnings,
  ];
}

/** How many findings of the checks, as they last ran, make a result unreliable: leaks between splits, conflicting labels. */
export function graveFindings({ database }: Project): number {
  const counts = countFindings(database);
  return checks
    .filter(({ severity }) => severity === 'error')
    .reduce((sum, { id }) => sum + (counts.get(id)?.findings ?? 0), 0);
}

function findingWarnings(findings: number): string[] {
  if (findings === 0) return [];
  const what = findings === 1 ? '1 finding makes' : `${findings} findings make`;
  return [`${what} the result unreliable: see Check.`];
}

/** Settings that were given and that the recipe does not have. */
function ignoredWarnings({ recipe }: CompletedDraft, { settings }: TrainingDraft): string[] {
  const names = new Set<string>(recipe.settingNames);
  const ignored = Object.entries(settings).filter(([name, value]) => value !== undefined && !names.has(name));
  if (ignored.length === 0) return [];
  const words = ignored.map(([name]) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
  return [
    `The recipe “${recipe.label}” does not have these settings, which change nothing: ${words.join(', ')}.`,
  ];
}

function tornWarnings(project: Project, { classes }: DatasetSummary): string[] {
  const torn = tornClasses(project);
  const names = classes.filter(({ id }) => torn.has(id)).map(({ name }) => `“${name}”`);
  if (names.length === 0) return [];
  return [
    `Photos of one burst or video of ${names.join(', ')} are in training and in the test: the test will look too good. Take another of each at another place or time, and make the split anew.`,
  ];
}

/** One class this many times larger than another pulls the answers towards it. */
const imbalance = 3;
/** More classes than these are counted, not named. */
const maxNamed = 4;

interface ClassSize {
  readonly name: string;
  readonly images: number;
}

function classWarnings({ recipe, counts, classes }: CompletedDraft): string[] {
  const sizes = classes
    .map((name) => ({ name, images: counts.train?.[name] ?? 0 }))
    .sort((a, b) => a.images - b.images);
  const [smallest] = sizes;
  const largest = sizes.at(-1);
  if (largest === undefined || sizes.length < 2 || smallest.images === 0) return [];
  const warnings = fewWarnings(sizes, recipe.fewImages);
  if (largest.images >= imbalance * smallest.images) {
    warnings.push(
      `“${largest.name}” has ${largest.images} training images, “${smallest.name}” ${smallest.images}: uneven.`,
    );
  }
  return warnings;
}

/** @param sizes smallest first @param enough training images of a class that teach the recipe something */
function fewWarnings(sizes: readonly ClassSize[], enough: number): string[] {
  const few = sizes.filter(({ images }) => images < enough);
  if (few.length === 0) return [];
  const [smallest] = few;
  if (few.length === 1) {
    const images = smallest.images === 1 ? '1 training image' : `${smallest.images} training images`;
    return [`Only ${images} of “${smallest.name}”: expect it to be learnt poorly.`];
  }
  if (few.length <= maxNamed) {
    const named = few.map(({ name, images }) => `“${name}” (${images})`);
    return [`Few training images of ${named.join(', ')}: expect them to be learnt poorly.`];
  }
  const which = few.length === sizes.length ? `All ${few.length}` : `${few.length} of ${sizes.length}`;
  return [
    `${which} classes have fewer than ${enough} training images, “${smallest.name}” the fewest with ${smallest.images}: expect them to be learnt poorly.`,
  ];
}

/** What is missing or left out. */
function gapWarnings({ unlabelled, unassigned, splits }: DatasetSummary, counts: SplitCounts): string[] {
  const warnings: string[] = [];
  if (sumValues(counts.validation) === 0) {
    warnings.push('There are no validation images: overfitting will not show in the curves.');
  }
  if (sumValues(counts.test) === 0) warnings.push('There are no test images: the result will not be tested.');
  if (unlabelled > 0) warnings.push(`${unlabelled} images have no label and are left out.`);
  if (Object.keys(splits).length > 0 && unassigned > 0) {
    warnings.push(`${unassigned} labelled images are in no split and are left out.`);
  }
  return warnings;
}
