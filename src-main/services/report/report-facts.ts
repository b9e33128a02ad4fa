/** What a report says of a run, gathered from the project. */
import { basename } from 'node:path';
import type { Evaluation } from '../../contract/app/runs.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';
import { wilsonInterval } from '../../core/statistics/statistics.ts';
import { readGroups } from '../../project/images/near-duplicates.ts';
import type { Project } from '../../project/project.ts';
import { readCheckResults } from '../../project/runs/findings.ts';
import { type JudgedPhoto, judgedPhotos } from '../../project/runs/judged-photos.ts';
import { type RunRecord, listEvaluations } from '../../project/runs/runs.ts';
import { listClasses } from '../../project/images/classes.ts';
import { sourceRoots } from '../../project/images/sources.ts';
import { findRecipe } from '../../registries/recipes/index.ts';
import { leaksOf } from '../checks/cleaning.ts';
import { type RunDataset, readDataset } from '../runs/run-files.ts';
import { requireRun } from '../runs/run-states.ts';

type Interval = readonly [number, number] | null;

/** A class with its figures on the test photos. */
export interface ClassFacts {
  readonly name: string;
  readonly images: Readonly<Record<Split, number>>;
  /** Null where nothing was measured. */
  readonly precision: { readonly share: number; readonly interval: Interval } | null;
  readonly recall: { readonly share: number; readonly interval: Interval } | null;
}

/** A test photo, with what was said of it. */
export interface PhotoFacts {
  readonly id: number;
  readonly path: string;
  readonly label: string;
  readonly said: string;
  readonly probability: number;
}

/** All of it. */
export interface ReportFacts {
  readonly run: RunRecord;
  readonly recipe: { readonly label: string; readonly description: string };
  readonly sources: readonly string[];
  readonly counts: Readonly<Record<Split, number>>;
  readonly classes: readonly ClassFacts[];
  readonly test: Evaluation | null;
  readonly validation: Evaluation | null;
  /** Test photos whose like was among the training photos; null where near-duplicates were never looked for. */
  readonly leaks: number | null;
  readonly best: readonly PhotoFacts[];
  readonly worst: readonly PhotoFacts[];
}

/** Photos of each kind in a report. */
const maxPhotos = 6;
const groupChecks = ['near-duplicates', 'split-leakage'];

/** Gathers the facts. @throws AppError NOT_FOUND, TRAINING_RECORD_LOST */
export async function gatherFacts(project: Project, id: string): Promise<ReportFacts> {
  const run = requireRun(project, id);
  const dataset = await readDataset(project, id);
  const evaluations = listEvaluations(project.database, id);
  const of = (split: Split): Evaluation | null =>
    evaluations.find((evaluation) => evaluation.split === split) ?? null;
  const test = of('test');
  const { label, description } = findRecipe(run.recipe);
  return {
    run,
    recipe: { label, description },
    // Names only: where they lie on this computer is nobody else’s business.
    sources: sourceRoots(project.database).map((root) => basename(root)),
    counts: countSplits(dataset.images),
    classes: classFacts(dataset, test),
    test,
    validation: of('validation'),
    leaks: countLeaks(project, dataset),
    ...chosenPhotos(project, id),
  };
}

function countSplits(images: RunDataset['images']): Record<Split, number> {
  const counts = { train: 0, validation: 0, test: 0 };
  for (const [, , , , split] of images) counts[split]++;
  return counts;
}

function classFacts({ classes, images }: RunDataset, test: Evaluation | null): ClassFacts[] {
  const byClass = Map.groupBy(images, ([, , , label]) => label);
  return classes.map((name, place) => {
    const counts = countSplits(byClass.get(place) ?? []);
    const at = test?.classes.findIndex((one) => one.name === name) ?? -1;
    const matrix = test?.confusionMatrix ?? [];
    const right = matrix[at]?.[at] ?? 0;
    const ofClass = (matrix[at] ?? []).reduce((sum, images) => sum + images, 0);
    const called = matrix.reduce((sum, row) => sum + (row[at] ?? 0), 0);
    return { name, images: counts, precision: shareOf(right, called), recall: shareOf(right, ofClass) };
  });
}

function shareOf(right: number, total: number): ClassFacts['recall'] {
  return total === 0 ? null : { share: right / total, interval: wilsonInterval(right, total) };
}

function countLeaks(project: Project, { images }: RunDataset): number | null {
  const results = readCheckResults(project.database);
  if (!groupChecks.some((check) => results.has(check))) return null;
  return leaksOf(images, readGroups(project.database));
}

/** The surest right and the surest wrong answers on the test photos. */
function chosenPhotos(project: Project, id: string): Pick<ReportFacts, 'best' | 'worst'> {
  const names = new Map(listClasses(project.database).map((one) => [one.id, one.name]));
  const judged = judgedPhotos(project.database, id, id, 'test').flatMap(
    ({ after, ...photo }: JudgedPhoto): (PhotoFacts & { right: boolean })[] =>
      after === null
        ? []
        : [
            {
              id: photo.id,
              path: photo.path,
              label: names.get(photo.classId) ?? '',
              said: names.get(after.classId) ?? '',
              probability: after.probability,
              right: after.classId === photo.classId,
            },
          ],
  );
  const surest = judged.sort((a, b) => b.probability - a.probability || a.id - b.id);
  return {
    best: surest.filter(({ right }) => right).slice(0, maxPhotos),
    worst: surest.filter(({ right }) => !right).slice(0, maxPhotos),
  };
}
