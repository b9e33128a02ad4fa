/** Backbones: what is on this machine, adding and removing files, downloads on the user's word. */
import { type Backbone, findBackbone } from '../../registries/backbones/index.ts';
import {
  type BackboneDownload,
  type BackboneInfo,
  type BackboneVerification,
  type backbonesContract,
} from '../../contract/app/backbones.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { Throttle } from '../../core/jobs/throttle.ts';
import { fetchBackbone } from './published/fetch-backbone.ts';
import { type FoundFile, allFiles } from './find-files.ts';
import { listBackbones } from './list-backbones.ts';
import { forgetHash, noteArrival } from './noted-hashes.ts';
import { addModels } from './own-files.ts';
import { ownFolder } from './places.ts';
import { fileId } from './references.ts';
import { removeModel } from './remove-model.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import { removeUpload, uploadFolder } from '../base/uploads.ts';

/** Milliseconds between two messages about a download. */
const progressInterval = 250;

interface RunningDownload {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** The service, with what other services use of it. */
export interface BackbonesService {
  readonly handlers: ServiceOf<typeof backbonesContract>;
  /** Stops downloads; what has arrived stays. */
  close(): Promise<void>;
}

/** What the service is given by rooms above it. */
export interface BackbonesParts {
  /** @throws AppError BACKBONE_CHANGED, BACKBONE_PROOF_WRONG, the problem of a file that cannot be used */
  readonly verify: (file: FoundFile) => Promise<BackboneVerification>;
}

/** Handlers of `contract.backbones`. */
export function createBackbonesService(
  context: ServiceContext,
  { verify }: BackbonesParts,
): BackbonesService {
  const { settingsFolder, events } = context;
  const folder = ownFolder(settingsFolder);
  const running = new Map<string, RunningDownload>();
  const states = new Map<string, BackboneDownload>();

  const list = async (): Promise<BackboneInfo[]> =>
    listBackbones(await allFiles(settingsFolder), folder, states);
  const emit = async (): Promise<BackboneInfo[]> => {
    const backbones = await list();
    events.emit({ type: 'backbones', backbones });
    return backbones;
  };
  const tellLater = (): void => {
    emit().catch((error: unknown) => context.log('backbones: listing failed', error));
  };

  const notNoted = (error: unknown): void => context.log('backbones: the hash cannot be noted', error);
  /** A file that has arrived can be used even where its hash cannot be noted: verifying it notes it then. */
  const note = (path: string): Promise<void> => noteArrival(settingsFolder, path).catch(notNoted);

  async function add(picks: readonly string[], uploads: readonly string[]): Promise<BackboneInfo[]> {
    const added: string[] = [];
    for (const pick of picks) added.push(...(await addModels(folder, context.pickedPaths.resolve(pick))));
    for (const id of uploads) {
      const uploaded = uploadFolder(context.project(), id);
      try {
        added.push(...(await addModels(folder, uploaded, true)));
      } finally {
        await removeUpload(context.project(), id);
      }
    }
    if (added.length === 0) throw new AppError('BACKBONE_NO_MODEL');
    for (const path of added) await note(path);
    return emit();
  }

  async function requireFile(id: string): Promise<FoundFile> {
    const file = (await allFiles(settingsFolder)).find(({ path }) => fileId(path) === id);
    if (file === undefined) throw new AppError('NOT_FOUND', { what: 'backbone file', id });
    return file;
  }

  async function remove(id: string): Promise<BackboneInfo[]> {
    const file = await requireFile(id);
    await removeModel(folder, file.path);
    await forgetHash(settingsFolder, file.path).catch(notNoted);
    return emit();
  }

  function startDownload(backbone: Backbone): void {
    const { id, label, weights } = backbone;
    if (weights === null) throw new AppError('BACKBONE_DOWNLOAD_NONE', { label });
    if (running.has(id)) throw new AppError('BACKBONE_DOWNLOAD_RUNNING', { label });
    const controller = new AbortController();
    const began = Date.now();
    const throttle = new Throttle(progressInterval);
    let first: number | null = null;
    states.set(id, { status: 'running', received: 0, total: weights.bytes, secondsLeft: null, error: null });
    const work = fetchBackbone(backbone, folder, {
      signal: controller.signal,
      onProgress: (received, total) => {
        first ??= received;
        const seconds = (Date.now() - began) / 1000;
        const rate = seconds > 1 ? (received - first) / seconds : 0;
        const secondsLeft = total === null || rate === 0 ? null : (total - received) / rate;
        states.set(id, { status: 'running', received, total, secondsLeft, error: null });
        if (throttle.isDue()) tellLater();
      },
    });
    const ended = work.then(note).then(
      () => void states.delete(id),
      (thrown: unknown) => {
        const error = AppError.from(thrown);
        const cancelled = error.kind === 'cancelled';
        const { received = 0, total = null } = states.get(id) ?? {};
        const shown = { received, total, secondsLeft: null, error: cancelled ? null : error.toData() };
        states.set(id, { status: cancelled ? 'cancelled' : 'failed', ...shown });
      },
    );
    const whole = ended.finally(() => {
      running.delete(id);
      tellLater();
    });
    running.set(id, { controller, ended: whole });
    tellLater();
  }

  return {
    handlers: {
      list,
      add: ({ picks, uploads }) => add(picks, uploads),
      remove: ({ file }) => remove(file),
      verify: async ({ file }) => verify(await requireFile(file)),
      download: ({ reference }) => startDownload(findBackbone(reference)),
      cancelDownload: async ({ reference }) => {
        const download = running.get(reference);
        download?.controller.abort();
        await download?.ended;
      },
    },
    async close() {
      for (const { controller } of running.values()) controller.abort();
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}
