/** Has lists of labels read in a thread, so that everybody else is answered while a long one is. */
import { AppError } from '../../contract/shared/errors.ts';
import type { FileList } from './listed-files.ts';
import type { FoundFile } from './scan.ts';
import { OutOfThreadMemory, runInThread, workerBeside } from '../../core/threads/task-thread.ts';
import type { LabelListQuestion, LabelListTask } from './label-list-worker.ts';
import type { NamedPhoto } from '../label-files/match-rows.ts';
import type { PlannedLabels } from '../label-files/plan-labels.ts';

const worker = workerBeside(import.meta.url, 'label-list-worker');
/** The largest list that is read, 256 MB of JSON, takes about ten times its size. */
const maxMegabytes = 4096;
/** Milliseconds: the largest list takes half a minute. */
const maxTime = 600_000;

/** Progress (of bytes) and cancel. */
export interface LabelListOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

async function run(
  task: LabelListTask,
  answer: (question: LabelListQuestion) => unknown,
  { signal, onProgress }: LabelListOptions,
): Promise<unknown> {
  const clock = AbortSignal.timeout(maxTime);
  try {
    return await runInThread(worker, task, {
      signal: signal === undefined ? clock : AbortSignal.any([signal, clock]),
      onProgress,
      answer: (question) => answer(question as LabelListQuestion),
      resourceLimits: { maxOldGenerationSizeMb: maxMegabytes },
    });
  } catch (error) {
    const limit =
      error instanceof OutOfThreadMemory
        ? `${maxMegabytes} MB of memory`
        : clock.aborted && signal?.aborted !== true && `${maxTime / 60_000} minutes`;
    if (limit === false) throw error;
    const reason = `reading it took more than ${limit}`;
    throw new AppError('DATASET_LABELS_INVALID', { path: task.path ?? '', reason }, { cause: error });
  }
}

/**
 * Finds what a list says of the photos of a project.
 * @param path of the list; null for what the photos' own folders say
 * @param pages of the project's photos
 * @throws AppError DATASET_LABELS_INVALID, FILE_UNREADABLE, CANCELLED
 */
export async function planLabels(
  path: string | null,
  pages: Iterator<readonly NamedPhoto[], void>,
  options: LabelListOptions = {},
): Promise<PlannedLabels> {
  const nextPage = (): readonly NamedPhoto[] => {
    const page = pages.next();
    return page.done === true ? [] : page.value;
  };
  return (await run({ kind: 'plan', path }, nextPage, options)) as PlannedLabels;
}

/**
 * Finds the photos that a list names.
 * @param within when given, photos outside this folder are refused
 * @throws AppError DATASET_LABELS_INVALID, DATASET_LIST_COLUMNS, DATASET_LIST_ENCODING,
 *   DATASET_LIST_PHOTOS_MISSING, FILE_UNREADABLE, CANCELLED
 */
export async function readListedFiles(
  path: string,
  within: string | undefined,
  options: LabelListOptions = {},
): Promise<FileList> {
  const files: FoundFile[] = [];
  const take = (question: LabelListQuestion): void => {
    if (question.kind === 'files') for (const file of question.files) files.push(file);
  };
  const list = (await run({ kind: 'files', path, within }, take, options)) as Omit<FileList, 'files'>;
  return { ...list, files };
}
