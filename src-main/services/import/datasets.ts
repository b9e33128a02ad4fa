/** Requests about images. */
import { basename } from 'node:path';
import type {
  DatasetImage,
  DatasetSummary,
  ImageFilter,
  QuarantinedFile,
} from '../../contract/app/datasets.ts';
import { AppError, describeError } from '../../contract/shared/errors.ts';
import type { SplitFractions } from '../../contract/app/datasets.ts';
import {
  type FetchEvent,
  maxFetchedMegabytes,
  maxFetchedMegabytesTogether,
} from '../../contract/shared/web-addresses.ts';
import { streamEvents } from '../../core/jobs/async-queue.ts';
import { hashesOf } from '../../project/images/images.ts';
import { listImageIds } from '../../project/images/photo-lists.ts';
import { listQuarantine } from '../../project/images/quarantine.ts';
import { type Captures, discardCapture, isCapture, noteCapture, uploadSource } from './captures.ts';
import type { CallOptions } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import { summarise } from '../project/dataset-summary.ts';
import type { EditRecorder } from '../project/edit-recorder.ts';
import type { Imports } from './imports.ts';
import { readPhotos } from '../project/photo-rows.ts';
import { photoVersion } from '../base/project-key.ts';
import { makeSplit } from '../project/splits.ts';
import { beginUpload } from '../base/uploads.ts';
import { fetchAddresses } from './web-pictures/fetch-addresses.ts';

/** Milliseconds that a server on the web may be silent. */
const patience = 20_000;
const fetchBudget = {
  bytes: maxFetchedMegabytesTogether * 1024 * 1024,
  milliseconds: 30 * 60_000,
  millisecondsEach: 5 * 60_000,
};

interface BeginUpload {
  readonly name: string;
  readonly capture?: { readonly label: string | null } | undefined;
}
interface StartImport {
  readonly picks: readonly string[];
  readonly uploads: readonly string[];
}

/** Handlers of `contract.datasets`. */
export function createDatasetsService(
  context: ServiceContext,
  imports: Imports,
  labels: EditRecorder,
  captures: Captures,
) {
  const uploadNames = new Map<string, string>();
  return {
    beginUpload: ({ name, capture }: BeginUpload): { id: string } => {
      const project = context.project();
      const upload = beginUpload(project);
      uploadNames.set(upload.id, name);
      if (capture !== undefined) noteCapture(project, upload.id, { name, label: capture.label });
      return upload;
    },
    discardUpload: ({ id }: { id: string }): Promise<void> => discardCapture(context.project(), id),
    pickFolder: async ({ title }: { title: string }): Promise<{ pick: string; name: string } | null> => {
      const path = (await context.abilities.pickFolder?.(title)) ?? null;
      return path === null ? null : { pick: context.pickedPaths.add(path), name: basename(path) };
    },
    startImport: async ({ picks, uploads }: StartImport): Promise<{ importId: string }> => {
      const project = context.project();
      const paths = picks.map((pick) => context.pickedPaths.resolve(pick));
      const sources = [
        ...paths.map((root) => ({ kind: 'folder' as const, root })),
        ...(await Promise.all(uploads.map((id) => uploadSource(project, id)))),
      ];
      if (sources.length === 0)
        throw new AppError('INPUT_INVALID', { detail: 'nothing to import was given' });
      const names = [
        ...paths.map((path) => basename(path)),
        ...uploads.map((id) => uploadNames.get(id) ?? 'upload'),
      ];
      const captured = uploads.some((id) => isCapture(project, id));
      const started = imports.start({ sources, label: names.join(', '), captured });
      captures.follow(started.importId, project, uploads);
      return started;
    },
    fetchAddresses: (
      { addresses, label }: { addresses: string[]; label: string | null },
      { signal }: CallOptions,
    ): AsyncGenerator<FetchEvent, void> => {
      const project = context.project();
      const allowed = context.abilities.pictureServers ?? [];
      const rules = { allowed, maxBytes: maxFetchedMegabytes * 1024 * 1024, patience, budget: fetchBudget };
      return streamEvents(async (emit, stopped) => {
        const { upload, fetched } = await fetchAddresses(project, addresses, rules, emit, stopped);
        const name = fetched === 1 ? 'a picture from the web' : `${fetched} pictures from the web`;
        uploadNames.set(upload, name);
        if (fetched > 0) noteCapture(project, upload, { name, label });
        emit({ type: 'done', upload: fetched > 0 ? upload : null, fetched });
      }, signal);
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
    photoVersions: ({ ids }: { ids: number[] }): (string | null)[] => {
      const hashes = hashesOf(context.project().database, ids);
      return ids.map((id) => {
        const hash = hashes.get(id);
        return hash === undefined ? null : photoVersion(hash);
      });
    },
    makeSplit: ({ fractions, seed }: { fractions: SplitFractions; seed: number }): DatasetSummary => {
      const project = context.project();
      labels.record(makeSplit(project, fractions, seed));
      return summarise(project);
    },
  };
}
