/** Requests about sorting folders. */
import { basename, dirname, join } from 'node:path';
import type { Sorting, sortingContract } from '../../contract/app/sorting.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { ownPath } from '../../core/files/join-inside.ts';
import { safeFileName } from '../../core/text/file-name.ts';
import { decodePicture, decodeThumbnail } from '../../datasets/photos/tiles.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import { projectKey } from '../base/project-key.ts';
import { listUpload, uploadFolder } from '../base/uploads.ts';
import type { Imports } from '../import/imports.ts';
import { runPath } from '../runs/run-files.ts';
import { requireRun } from '../runs/run-states.ts';
import { addToTraining, whereNow } from './add-to-training.ts';
import { describeSorting, listPhotos, showPhotos, tableText } from './describe-sorting.ts';
import type { SortSession } from '../../project/sorting/session-database.ts';
import { listSessions, openSession, removeSession } from '../../project/sorting/session-folders.ts';
import { SessionKeeper } from './session-keeper.ts';
import { findPhoto } from '../../project/sorting/session-photos.ts';
import { review, undoReview, withBursts } from '../../project/sorting/session-reviews.ts';
import { SortingJob, type SortingTask } from './sorting-job.ts';
import { type NewSorting, beginSorting, judgeSorting, planSorting } from './sorting-steps.ts';

/** Makes the service: the handlers of `contract.sorting` and what hosts call besides. */
export function createSortingService(context: ServiceContext, imports: Imports) {
  const keeper = new SessionKeeper();
  const job = new SortingJob(context);
  const { settingsFolder, pickedPaths } = context;

  const close = async (): Promise<void> => {
    await job.end();
    keeper.close();
  };
  context.beforeProjectCloses(close);

  /** @throws AppError SORT_RUNNING when another sorting is at work: only one is open */
  const open = (base: string, id: string): SortSession => {
    if (job.isRunning && job.state?.sorting.id !== id) throw new AppError('SORT_RUNNING');
    return keeper.get(base, id);
  };
  const session = (id: string): SortSession => open(context.project().folder, id);
  /** For what must not be done while the sorting is at work. */
  const idle = (id: string): SortSession => {
    job.requireIdle();
    return session(id);
  };
  const begin = async (base: string, wanted: NewSorting): Promise<SortSession> => {
    job.requireIdle();
    const made = await beginSorting(context.engine, { base, settingsFolder }, wanted);
    job.requireIdle();
    keeper.take(base, made);
    return made;
  };
  /** Starts work, and answers with the sorting at once. */
  const start = (found: SortSession, task: SortingTask): Sorting => {
    void job.start(found, task);
    return describeSorting(found);
  };

  const handlers: ServiceOf<typeof sortingContract> = {
    list: () => listSessions(context.project().folder).flatMap((id) => described(id)),
    state: () => job.state,
    start: async (wanted) => {
      const project = context.project();
      requireRun(project, wanted.run);
      const made = await begin(project.folder, {
        source: sourceOf(project, wanted),
        run: wanted.run,
        model: { path: runPath(project, wanted.run) },
        threshold: wanted.threshold,
        burst: wanted.burst,
        boxes: await boxesOf(project, wanted),
        out: null,
      });
      return start(made, { kind: 'predict', model: null });
    },
    resume: ({ id }) => {
      const found = idle(id);
      const { stage, by, out, run } = found.about;
      if (stage === 'undoing') return start(found, { kind: 'undo' });
      if (stage === 'applying' && by !== null && out !== null)
        return start(found, { kind: 'apply', by, out });
      if (stage !== 'looking' && stage !== 'predicting')
        throw new AppError('SORT_NOTHING_TO_RESUME', { path: found.about.source });
      const model = run === null ? null : { path: runPath(context.project(), run) };
      return start(found, { kind: 'predict', model });
    },
    cancel: () => job.cancel(),
    judge: ({ id, threshold, burst }) => {
      const found = idle(id);
      judgeSorting(found, { threshold, burst });
      return describeSorting(found);
    },
    photos: ({ id, view }) => listPhotos(session(id), view),
    rows: ({ id, photos }) => showPhotos(session(id), photos),
    review: ({ id, photos, verdict }) => {
      const found = session(id);
      review(found, withBursts(found, photos), verdict);
      return describeSorting(found);
    },
    undoReview: ({ id }) => {
      const found = session(id);
      const photos = undoReview(found);
      return { photos, sorting: describeSorting(found) };
    },
    plan: async ({ id, out }, { signal }) => {
      const found = idle(id);
      const folder = outOf(found, out);
      const { moves, folders, sidecars, renamed, inPlace, failed } = await planSorting(found, folder, signal);
      return { out: folder, folders: [...folders], files: moves.length, sidecars, renamed, inPlace, failed };
    },
    apply: ({ id, by, out }) => {
      const found = idle(id);
      return start(found, { kind: 'apply', by, out: outOf(found, out) });
    },
    undo: ({ id }) => start(idle(id), { kind: 'undo' }),
    addToTraining: async ({ id, photos }, { signal }) => ({
      photos: await addToTraining(context.project(), imports, session(id), photos, signal),
    }),
    table: ({ id, format }) => tableText(session(id), format),
    remove: ({ id }) => {
      job.requireIdle();
      keeper.close();
      removeSession(context.project().folder, id);
    },
  };

  /** A damaged or locked one is left out of the list. */
  function described(id: string): Sorting[] {
    const { folder } = context.project();
    try {
      const known = keeper.peek(folder, id);
      if (known !== null) return [describeSorting(known)];
      const found = openSession(folder, id);
      try {
        return [describeSorting(found)];
      } finally {
        found.close();
      }
    } catch (error) {
      context.log('a sorting cannot be opened', error);
      return [];
    }
  }

  function sourceOf(project: Project, { pick, upload }: { pick?: string; upload?: string }): string {
    if (pick !== undefined) return pickedPaths.resolve(pick);
    if (upload !== undefined) return uploadFolder(project, upload);
    throw new AppError('INPUT_INVALID', { detail: 'no folder to sort was given' });
  }

  /** The file of detections: a picked one, or the one file of an upload. */
  async function boxesOf(
    project: Project,
    { boxes, boxesUpload, boxConfidence: confidence }: Parameters<typeof handlers.start>[0],
  ): Promise<NewSorting['boxes']> {
    if (boxes !== undefined) return { path: pickedPaths.resolve(boxes), confidence };
    const [file] = boxesUpload === undefined ? [] : await listUpload(project, boxesUpload);
    return file === undefined ? null : { path: file.absolutePath, confidence };
  }

  /** Where photos go when nobody says: beside a folder of the user's, and in the project what was dropped into the page. */
  function outOf({ about: { source, createdAt } }: SortSession, pick: string | undefined): string {
    if (pick !== undefined) return pickedPaths.resolve(pick);
    const project = context.project();
    if (source.startsWith(project.uploadsFolder)) {
      const name = safeFileName(createdAt.slice(0, 16).replace('T', ' ').replace(':', '.'), 'photos');
      return ownPath(project.folder, 'sorted', name);
    }
    return join(dirname(source), `${basename(source)} sorted`);
  }

  return {
    handlers,
    state: () => job.state,
    /** Begins a sorting in a folder of records; for the command line. */
    begin,
    /** Opens a sorting of a folder of records. @throws AppError NOT_FOUND, SORT_LOCKED, SORT_DAMAGED */
    open,
    /** Works on a sorting to the end. Failures are in `error`, not thrown. @throws AppError SORT_RUNNING, SORT_FOREIGN */
    work: (found: SortSession, task: SortingTask, signal?: AbortSignal) => job.start(found, task, signal),
    describe: describeSorting,
    /** Stops the work and closes what is open. */
    close,
    /** A picture of a photo, by the key of the project, the sorting, the photo and the size. */
    picture: async ([key, id = '', photo = '', size]: readonly string[]): Promise<Response> => {
      const project = context.project();
      if (key !== projectKey(project)) throw new AppError('PROJECT_CHANGED');
      const found = session(id);
      const row = /^\d{1,15}$/.test(photo) ? findPhoto(found, Number(photo)) : null;
      if (row === null) throw new AppError('NOT_FOUND', { what: 'photo', id: photo });
      const path = whereNow(found, row);
      const bytes = await (size === 'picture' ? decodePicture(path) : decodeThumbnail(path));
      return new Response(new Uint8Array(bytes), {
        headers: {
          'content-type': 'image/jpeg',
          'x-content-type-options': 'nosniff',
          'cache-control': 'private, max-age=600',
        },
      });
    },
  };
}
