/** Imports: one at a time, in the background. Events show how far one is. */
import { resolve } from 'node:path';
import type { ImportState } from '../../contract/app/datasets.ts';
import { BackgroundJob } from '../../core/jobs/background-job.ts';
import type { ServiceContext } from '../base/context.ts';
import { ImportInProgress, type ImportRequest, type ImportResult } from './import-in-progress.ts';

/** Makes the import service. */
export function createImports(context: ServiceContext) {
  const job = new BackgroundJob<ImportState, ImportResult>('DATASET_IMPORT_RUNNING', (state) =>
    context.events.emit({ type: 'import', import: state }),
  );

  /** Begins an import. @throws AppError DATASET_IMPORT_RUNNING, PROJECT_NOT_OPEN */
  const start = (
    request: ImportRequest,
    signal?: AbortSignal,
  ): { importId: string; finished: Promise<ImportResult> } => {
    job.requireIdle();
    const run = new ImportInProgress(context, request);
    return { importId: run.id, finished: job.start((ending, publish) => run.run(ending, publish), signal) };
  };

  context.beforeProjectCloses(() => job.end());

  return {
    start: (request: ImportRequest): { importId: string } => ({ importId: start(request).importId }),
    cancel: (): void => job.cancel(),
    /** The running or the last import of this session. */
    state: (): ImportState | null => job.state,
    /** Resolves when no import is running. */
    idle: (): Promise<void> => job.idle(),
    /**
     * Imports folders and files by their paths and waits for the end. Failures are in `state.error`, not thrown.
     * @throws AppError DATASET_IMPORT_RUNNING, PROJECT_NOT_OPEN
     */
    importPaths: async (
      paths: readonly string[],
      options: { signal?: AbortSignal; onProgress?: (state: ImportState) => void } = {},
    ): Promise<ImportResult> => {
      const sources = paths.map((path) => ({ kind: 'folder' as const, root: resolve(path) }));
      const stop = context.events.on((event) => {
        if (event.type === 'import') options.onProgress?.(event.import);
      });
      try {
        return await start({ sources, label: paths.join(', ') }, options.signal).finished;
      } finally {
        stop();
      }
    },
  };
}

/** The import service. */
export type Imports = ReturnType<typeof createImports>;
