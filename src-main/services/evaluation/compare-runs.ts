/** What changed from one run to another, on the photos that both were measured on. */
import { AppError } from '../../contract/shared/errors.ts';
import { packRanges } from '../../contract/shared/id-ranges.ts';
import { type Flip, type RunChange, maxFlips } from '../../contract/app/results/results.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';
import { listClasses } from '../../project/images/classes.ts';
import type { Project } from '../../project/project.ts';
import { type JudgedPhoto, judgedPhotos } from '../../project/runs/judged-photos.ts';
import { type RunRecord, listEvaluations } from '../../project/runs/runs.ts';
import { type RunDataset, readDataset } from '../runs/run-files.ts';
import { requireRun } from '../runs/run-states.ts';
import { changeOf, comparePredictions } from './compare-predictions.ts';

/** Which runs, and on which photos. */
export interface RunPair {
  readonly before: string;
  readonly after: string;
  readonly split: Split;
}

/** A photo that both runs were measured on. */
type Paired = JudgedPhoto & {
  readonly before: NonNullable<JudgedPhoto['before']>;
  readonly after: NonNullable<JudgedPhoto['after']>;
};

/**
 * Compares two runs on the photos of a split that both were measured on and neither learned from.
 * @throws AppError NOT_FOUND, INPUT_INVALID for a run and itself, RESULTS_NOT_MEASURED, RESULTS_NOTHING_SHARED,
 *   TRAINING_RECORD_LOST
 */
export async function compareRuns(
  project: Project,
  { before: first, after: second, split }: RunPair,
): Promise<RunChange> {
  if (first === second) throw new AppError('INPUT_INVALID', { detail: 'the two runs are the same one' });
  const [before, after] = [requireRun(project, first), requireRun(project, second)];
  const [old, now] = await Promise.all([readDataset(project, first), readDataset(project, second)]);
  const learned = split === 'train' ? new Set<string>() : new Set([...learnedFrom(old), ...learnedFrom(now)]);
  const judged = judgedPhotos(project.database, first, second, split).filter(
    ({ hash }) => !learned.has(hash),
  );
  requireMeasured(before, split, judged, 'before');
  requireMeasured(after, split, judged, 'after');
  const paired = judged.filter((photo): photo is Paired => photo.before !== null && photo.after !== null);
  const classes = listClasses(project.database);
  const found = comparePredictions(
    paired.map(({ classId, ...said }) => ({
      classId,
      before: said.before.classId,
      after: said.after.classId,
    })),
    classes,
  );
  if (found === null) {
    throw new AppError('RESULTS_NOTHING_SHARED', { first: before.name, second: after.name, split });
  }
  return {
    split,
    before: about(project, before, split, judged, 'before'),
    after: about(project, after, split, judged, 'after'),
    ...found,
    relabelled: countRelabelled(paired, old, classes),
    ...flipsOf(paired, new Map(classes.map(({ id, name }) => [id, name]))),
  };
}

function learnedFrom({ images }: RunDataset): string[] {
  return images.filter(([, , , , split]) => split === 'train').map(([, hash]) => hash);
}

type Side = 'before' | 'after';

function requireMeasured(
  { name }: RunRecord,
  split: Split,
  photos: readonly JudgedPhoto[],
  side: Side,
): void {
  if (photos.length > 0 && photos.every((photo) => photo[side] === null)) {
    throw new AppError('RESULTS_NOT_MEASURED', { name, split });
  }
}

function about(
  project: Project,
  { id, name }: RunRecord,
  split: Split,
  photos: readonly JudgedPhoto[],
  side: Side,
): RunChange['before'] {
  const measured = listEvaluations(project.database, id).find((evaluation) => evaluation.split === split);
  return {
    run: id,
    name,
    tested: measured?.accuracy ?? null,
    missing: photos.filter((photo) => photo[side] === null).length,
  };
}

/** Photos that the run before knew as another class. */
function countRelabelled(
  photos: readonly Paired[],
  { images, classes, classIds }: RunDataset,
  present: readonly { readonly id: number; readonly name: string }[],
): number {
  const idOf = (label: number): number | undefined =>
    classIds?.[label] ?? present.find(({ name }) => name === classes[label])?.id;
  const known = new Map(images.map(([id, , , label]) => [id, idOf(label)]));
  return photos.filter(({ id, classId }) => known.has(id) && known.get(id) !== classId).length;
}

const order = { worse: 0, better: 1, other: 2 } as const;

function flipsOf(
  photos: readonly Paired[],
  names: ReadonlyMap<number, string>,
): Pick<RunChange, 'flips' | 'changed'> {
  const nameOf = (id: number): string => names.get(id) ?? '';
  const flips = photos.flatMap(({ id, path, classId, before, after }): Flip[] => {
    const change = changeOf({ classId, before: before.classId, after: after.classId });
    if (change === 'same') return [];
    const said = (side: Flip['before'] | Paired['before']) => ({ ...side, label: nameOf(side.classId) });
    const photo = { image: id, path, classId, label: nameOf(classId) };
    return [{ ...photo, before: said(before), after: said(after), change }];
  });
  const idsOf = (wanted: Flip['change']): string =>
    packRanges(flips.flatMap(({ image, change }) => (change === wanted ? [image] : [])));
  const surest = (a: Flip, b: Flip): number =>
    order[a.change] - order[b.change] || b.after.probability - a.after.probability || a.image - b.image;
  return {
    changed: { better: idsOf('better'), worse: idsOf('worse'), other: idsOf('other') },
    flips: flips.sort(surest).slice(0, maxFlips),
  };
}
