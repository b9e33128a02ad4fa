/** What an edit would do, without doing it. */
import type { DatabaseSync } from 'node:sqlite';
import type { Change, Edit, EditPreview } from '../../contract/app/edits.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { type Work, runAtOnce, runInPieces } from '../../core/jobs/in-pieces.ts';
import { countImages } from './changes.ts';
import { planEdit } from './edits.ts';
import { readRevision } from './journal.ts';
import { Trial } from './trial.ts';

/** How often a preview begins again because the dataset changed, before it is made without pauses. */
const maxAttempts = 4;

/**
 * What `applyEdit` would do with the dataset as it is when the preview is ready. Nothing is written, and the thread
 * is held for `pieceMilliseconds` at a time: a list may label a hundred thousand scattered photos.
 * @throws AppError as `applyEdit`, and CANCELLED when the project is closed meanwhile
 */
export async function previewEdit(
  database: DatabaseSync,
  edit: Edit,
  { pieceMilliseconds = 10 }: { pieceMilliseconds?: number } = {},
): Promise<EditPreview> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const revision = readRevision(database);
    const stillWanted = (): boolean => {
      if (!database.isOpen) throw new AppError('CANCELLED');
      return readRevision(database) === revision;
    };
    const preview = await runInPieces(tryEdit(database, edit), {
      milliseconds: pieceMilliseconds,
      stillWanted,
    });
    if (preview !== null) return preview;
  }
  return runAtOnce(tryEdit(database, edit));
}

function* tryEdit(database: DatabaseSync, edit: Edit): Work<EditPreview> {
  const planned = planEdit(database, edit);
  yield;
  const trial = new Trial(database);
  const changes: Change[] = [];
  for (const change of planned.changes) {
    const effective = yield* trial.change(change);
    if (effective !== null) changes.push(effective);
    yield;
  }
  const images = countImages(changes);
  yield;
  const movesSplits = changes.some(({ type }) => type === 'split');
  const warnings = movesSplits ? warningsOf(yield* trial.splitGroups()) : [];
  return { sentence: planned.sentence(images), images, changes, warnings };
}

function warningsOf({ before, after }: { before: number; after: number }): string[] {
  if (after <= before) return [];
  const groups = after - before === 1 ? 'One group' : `${after - before} groups`;
  return [
    `${groups} of near-duplicates would be in more than one split: the test would ask what was taught.`,
  ];
}
