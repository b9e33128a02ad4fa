/** Labelling that notes what was acknowledged, and the comparison with what a project holds afterwards. */
import { setTimeout as wait } from 'node:timers/promises';
import { ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { AppError, isErrorData } from '../../src-main/contract/shared/errors.ts';
import type { Contract } from '../../src-main/contract/app/index.ts';
import { ensureClass } from '../../src-main/project/images/classes.ts';
import { findImages } from '../../src-main/project/images/images.ts';
import { listImageIds } from '../../src-main/project/images/photo-lists.ts';
import { createProject, openProject } from '../../src-main/project/project.ts';
import { addPhotos } from '../fixtures/labelled-project.ts';

const photos = 60;
const classNames = ['cats', 'dogs', 'owls'] as const;

/** A project to label in: its photos' rows, without files. */
export interface LabelProject {
  readonly folder: string;
  readonly images: readonly number[];
  readonly classes: readonly number[];
}

/** Makes a project with photos and classes, and closes it. */
export function makeLabelProject(folder: string): LabelProject {
  const project = createProject(folder, 'Faults');
  const images = addPhotos(
    project.database,
    Array.from({ length: photos }, (_, at) => ({ path: `${at}.jpg` })),
  );
  const classes = classNames.map((name) => ensureClass(project.database, name));
  project.close();
  return { folder, images, classes };
}

/** The class of each photo as far as it was acknowledged, and the one edit that may be under way. */
export class Acknowledged {
  readonly labels = new Map<number, number>();
  underWay: readonly [image: number, classId: number] | null = null;
  count = 0;

  /** How many acknowledged labels a project does not have. What was under way may have been saved or not. */
  lostIn(found: ReadonlyMap<number, number | null>): number {
    return [...this.labels].filter(([image, classId]) => {
      const present = found.get(image) ?? null;
      const [moving, to] = this.underWay ?? [null, null];
      return present !== classId && !(image === moving && present === to);
    }).length;
  }
}

/**
 * Labels one photo after the other until `stop` or a failure, and notes what was acknowledged.
 * @param from the number of the first turn: another one gives other labels
 * @returns the failure, or null
 */
export async function labelUntil(
  client: ContractRouterClient<Contract>,
  { images, classes }: LabelProject,
  acknowledged: Acknowledged,
  { from, stop }: { readonly from: number; readonly stop: () => boolean },
): Promise<unknown> {
  for (let turn = from; !stop(); turn++) {
    const image = images[turn % images.length];
    const classId = classes[(turn + Math.floor(turn / images.length)) % classes.length];
    acknowledged.underWay = [image, classId];
    try {
      const { journal } = await client.labels.apply({ kind: 'label', images: String(image), classId });
      if (journal.savedAt === null) continue;
    } catch (error) {
      return error;
    }
    acknowledged.labels.set(image, classId);
    acknowledged.count += 1;
    acknowledged.underWay = null;
    // Gives timers their turn: everything here may happen in one process.
    if (turn % 8 === 0) await wait(0);
  }
  return null;
}

/** The class of each photo of a project that nobody has open. */
export function labelsIn(folder: string): Map<number, number | null> {
  const project = openProject(folder);
  try {
    const rows = findImages(project.database, listImageIds(project.database, {}));
    return new Map(rows.map(({ id, classId }) => [id, classId]));
  } finally {
    project.close();
  }
}

/** The code of what a call over the contract failed with. */
export function failureCode(thrown: unknown): string {
  return thrown instanceof ORPCError && isErrorData(thrown.data)
    ? thrown.data.code
    : AppError.from(thrown).code;
}
