/** Requests that take a run's model, or its photos, out. */
import type { ExportProgress, ExportResult, exportsContract } from '../../contract/app/exports.ts';
import { streamEvents } from '../../core/jobs/async-queue.ts';
import { ownPath } from '../../core/files/join-inside.ts';
import { makeFolders } from '../../core/files/make-folders.ts';
import { safeFileName } from '../../core/text/file-name.ts';
import { datasetFormats, exportFormats, findAnyFormat } from '../../registries/exports/index.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import { requireRun } from '../runs/run-states.ts';
import { beginFolder, filesIn } from './export-folder.ts';
import { exportDataset } from './export-dataset.ts';
import { exportModel } from './export-model.ts';

/** What is asked for. */
interface Wanted {
  readonly run: string;
  readonly format: string;
  readonly out?: string | undefined;
  readonly into?: string | undefined;
  readonly overwrite: boolean;
}

/** Handlers of `contract.exports`. */
export function createExportsService(context: ServiceContext): ServiceOf<typeof exportsContract> {
  return {
    formats: () => [
      ...exportFormats.map(({ id, label, purpose }) => ({ id, label, purpose, kind: 'model' as const })),
      ...datasetFormats.map(({ id, label, purpose }) => ({ id, label, purpose, kind: 'data' as const })),
    ],
    write: (wanted, { signal }) =>
      streamEvents<ExportProgress | ExportResult>(
        async (emit, ending) => emit(await write(context, wanted, emit, ending)),
        signal,
      ),
    show: async ({ id }) => context.abilities.showInFolder?.(context.pickedPaths.resolve(id)),
  };
}

async function write(
  context: ServiceContext,
  wanted: Wanted,
  emit: (event: ExportProgress) => void,
  signal: AbortSignal,
): Promise<ExportResult> {
  const project = context.project();
  const { overwrite } = wanted;
  const found = findAnyFormat(wanted.format);
  const { id: format, label } = found.format;
  const run = requireRun(project, wanted.run);
  const { pickedPaths } = context;
  const own = ownPath(project.folder, 'exports');
  if (wanted.out === undefined && wanted.into === undefined) await makeFolders(project.folder, own);
  const folder = await beginFolder({
    kind: wanted.out === undefined ? 'inside' : 'exact',
    path: wanted.out === undefined ? inside() : pickedPaths.resolve(wanted.out),
    name: safeFileName(`${run.name} ${label}`, label),
    overwrite,
  });
  function inside(): string {
    return wanted.into === undefined ? own : pickedPaths.resolve(wanted.into);
  }
  try {
    const proof =
      found.kind === 'model'
        ? { ...(await exportModel(context, project, run, format, folder.path, emit, signal)), problems: [] }
        : await exportDataset(context, project, run, found.format, folder.path, emit, signal);
    const content = await filesIn(folder.path);
    const out = await folder.place();
    const { checkedBy, largestDifference, images, accuracy, problems } = proof;
    return {
      type: 'done',
      format,
      out,
      ...content,
      checkedBy,
      largestDifference,
      images,
      accuracy,
      problems,
      id: pickedPaths.add(out),
    };
  } finally {
    await folder.discard();
  }
}
