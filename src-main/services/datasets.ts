/** Requests about images. */
import { basename } from 'node:path';
import type { DatasetImage, DatasetSummary, ImageFilter, QuarantinedFile } from '../contract/datasets.ts';
import { AppError, describeError } from '../contract/errors.ts';
import type { SplitFractions } from '../contract/datasets.ts';
import { listImageIds } from '../project/photo-lists.ts';
import { listQuarantine } from '../project/quarantine.ts';
import type { ServiceContext } from './context.ts';
import { summarise } from './dataset-summary.ts';
import type { EditRecorder } from './edit-recorder.ts';
import type { Imports } from './imports.ts';
import { readPhotos } from './photo-rows.ts';
import { makeSplit } from './splits.ts';
import { beginUpload, uploadRoot } from './uploads.ts';

/** Handlers of `contract.datasets`. */
export function createDatasetsService(context: ServiceContext, imports: Imports, labels: EditRecorder) {
  const uploadNames = new Map<string, string>();
  return {
    beginUpload: ({ name }: { name: string }): { id: string } => {
      const upload = beginUpload(context.project());
      uploadNames.set(upload.id, name);
      return upload;
    },
    pickFolder: async ({ title }: { title: string }): Promise<{ pick: string; name: string } | null> => {
      const path = (await context.abilities.pickFolder?.(title)) ?? null;
      return path === null ? null : { pick: context.picks.add(path), name: basename(path) };
    },
    startImport: ({ picks, uploads }: { picks: string[]; uploads: string[] }): { importId: string } => {
      const project = context.project();
      const paths = picks.map((pick) => context.picks.resolve(pick));
      const sources = [
        ...paths.map((root) => ({ kind: 'folder' as const, root })),
        ...uploads.map((id) => ({ kind: 'upload' as const, root: uploadRoot(project, id) })),
      ];
      if (sources.length === 0)
        throw new AppError('INPUT_INVALID', { detail: 'nothing to import was given' });
      const names = [
        ...paths.map((path) => basename(path)),
        ...uploads.map((id) => uploadNames.get(id) ?? 'upload'),
      ];
      return imports.start({ sources, label: names.join(', ') });
    },
    cancelImport: (): void => imports.cancel(),
    importState: () => imports.state(),
    quarantine: (): QuarantinedFile[] =>
      listQuarantine(context.project().database).map(({ path, code, params }) => ({
        path,
        code,
        ...describeError(code, params),
      })),
    summary: (): DatasetSummary => summarise(context.project()),
    listImages: (filter: ImageFilter): number[] => listImageIds(context.project().database, filter),
    getImages: ({ ids, run }: { ids: number[]; run?: string | undefined }): DatasetImage[] =>
      readPhotos(context.project().database, ids, run),
    makeSplit: ({ fractions, seed }: { fractions: SplitFractions; seed: number }): DatasetSummary => {
      const project = context.project();
      labels.record(makeSplit(project, fractions, seed));
      return summarise(project);
    },
  };
}
