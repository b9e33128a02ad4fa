/** What cleaning the data did to the accuracy: a run beside the last one like it that saw the data before. */
import type { Cleaning, Evaluation } from '../../contract/app/runs.ts';
import type { RunSettings } from '../../contract/shared/training-settings.ts';
import { readCheckResults } from '../../project/runs/findings.ts';
import { readGroups } from '../../project/images/near-duplicates.ts';
import { excludedPhotos } from '../../project/images/photo-marks.ts';
import type { Project } from '../../project/project.ts';
import { type RunRecord, listEvaluations } from '../../project/runs/runs.ts';
import { type RunDataset, type RunImage, readDataset } from '../runs/run-files.ts';
import { runRecords } from '../runs/run-records.ts';
import { requireRun } from '../runs/run-states.ts';

/** Checks that look for near-duplicates. */
const groupChecks = ['near-duplicates', 'split-leakage'];

/**
 * What was cleaned between a run and the newest earlier one with the same recipe and other data, with both test
 * results; null when there is no such run, or nothing was cleaned in between.
 * @throws AppError NOT_FOUND
 */
export async function compareCleaning(project: Project, id: string): Promise<Cleaning | null> {
  const run = requireRun(project, id);
  const after = testOf(project, run);
  const earlier = runRecords(project)
    .list()
    .sound.find((other) => isComparable(other, run));
  const before = earlier === undefined ? null : testOf(project, earlier);
  if (earlier === undefined || before === null || after === null) return null;
  const [old, now] = await Promise.all([readDataset(project, earlier.id), readDataset(project, id)]).catch(
    () => [],
  );
  // The record of a run may be gone with its folder.
  if (old === undefined || now === undefined) return null;
  const changes = compareDatasets(old, now, new Set(excludedPhotos(project.database).ids));
  if (changes.excluded + changes.relabelled + changes.moved === 0) return null;
  return {
    before: { run: earlier.id, name: earlier.name, ...before },
    after,
    sameSettings: chosenSettings(earlier.settings) === chosenSettings(run.settings),
    ...changes,
    leaks: countLeaks(project, old, now),
  };
}

function isComparable(other: RunRecord, run: RunRecord): boolean {
  const isEarlier = other.createdAt < run.createdAt && other.id !== run.id;
  return isEarlier && other.recipe === run.recipe && other.dataHash !== run.dataHash && other.test !== null;
}

function testOf(project: Project, { id }: RunRecord): Cleaning['after'] | null {
  const isTest = ({ split }: Evaluation): boolean => split === 'test';
  const test = listEvaluations(project.database, id).find(isTest);
  if (test === undefined) return null;
  return { accuracy: test.accuracy, images: test.images, interval: test.interval };
}

/** What the user chose: the steps of an epoch follow from the number of photos. */
function chosenSettings(settings: RunSettings): string {
  return JSON.stringify({ ...settings, seed: 0, stepsPerEpoch: 0 });
}

/** What became of the images of an earlier run. */
export function compareDatasets(
  before: RunDataset,
  now: RunDataset,
  excluded: ReadonlySet<number>,
): Pick<Cleaning, 'excluded' | 'relabelled' | 'moved' | 'added'> {
  const found = new Map(now.images.map((image) => [image[0], image]));
  const counts = { excluded: 0, relabelled: 0, moved: 0, added: now.images.length };
  for (const [id, , , label, split] of before.images) {
    const image = found.get(id);
    if (image === undefined) {
      if (excluded.has(id)) counts.excluded++;
      continue;
    }
    counts.added--;
    if (now.classes[image[3]] !== before.classes[label]) counts.relabelled++;
    if (image[4] !== split) counts.moved++;
  }
  return counts;
}

/** Null while near-duplicates were never looked for. */
function countLeaks(project: Project, before: RunDataset, now: RunDataset): Cleaning['leaks'] {
  const results = readCheckResults(project.database);
  if (!groupChecks.some((check) => results.has(check))) return null;
  const groups = readGroups(project.database);
  return { before: leaksOf(before.images, groups), after: leaksOf(now.images, groups) };
}

/** Test images whose like, or whose copy, was taught. @param groups near-duplicate group of contents that are in one */
export function leaksOf(images: readonly RunImage[], groups: ReadonlyMap<string, number>): number {
  const sceneOf = (image: RunImage): string | number => groups.get(image[1]) ?? image[1];
  const taught = new Set(images.filter(([, , , , split]) => split === 'train').map(sceneOf));
  return images.filter((image) => image[4] === 'test' && taught.has(sceneOf(image))).length;
}
