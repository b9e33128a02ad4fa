/** Which model file is meant, and what to call it. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import type { ExplainModel } from '../../contract/app/explain/network.ts';
import type { Project } from '../../project/project.ts';
import { epochFolder } from '../../engine/training/kept-epochs.ts';
import { resolveBackbone } from '../backbones/resolve-backbone.ts';
import type { ServiceContext } from '../base/context.ts';
import { checkedModelPath } from '../runs/models.ts';
import { runModel, runPath } from '../runs/run-files.ts';
import { requireRun } from '../runs/run-states.ts';
import { listUpload } from '../base/uploads.ts';

/** A model file. */
export interface NamedModel {
  readonly path: string;
  /** For people. */
  readonly name: string;
  /** What the user stated about it. */
  readonly preprocessing?: Preprocessing | undefined;
  /** Epochs of the run whose models were kept, oldest first. */
  readonly epochs: readonly number[];
}

const modelFile = /(^|\/)(model\.json|[^/]+\.(h5|hdf5|keras))$/i;

/**
 * Finds a model.
 * @throws AppError NOT_FOUND, MODEL_NOT_FOUND, TRAINING_NO_MODEL, BACKBONE_…, PROJECT_NOT_OPEN
 */
export async function findExplainModel(context: ServiceContext, model: ExplainModel): Promise<NamedModel> {
  switch (model.kind) {
    case 'run':
      return ofRun(context.project(), model.run, model.epoch);
    case 'pick':
      return { ...named(await checkedModelPath(context.pickedPaths.resolve(model.pick))), ...given(model) };
    case 'upload': {
      const files = await listUpload(context.project(), model.upload);
      const found = files.find(({ path }) => modelFile.test(path));
      if (found !== undefined) {
        return { ...named(await checkedModelPath(found.absolutePath)), ...given(model) };
      }
      throw new AppError('MODEL_NOT_FOUND', { path: files[0]?.path ?? model.upload });
    }
    case 'backbone': {
      const { path, id } = await resolveBackbone(context.settingsFolder, model.reference);
      return { path, name: id ?? named(path).name, epochs: [], ...given(model) };
    }
  }
}

function given({
  preprocessing,
}: {
  preprocessing?: Preprocessing | undefined;
}): Pick<NamedModel, 'preprocessing'> {
  return { preprocessing };
}

/** A `model.json` is called like its folder. */
function named(path: string): NamedModel {
  const own = basename(path);
  const name = own === 'model.json' ? basename(dirname(path)) : own;
  return { path, name, epochs: [] };
}

/** The model of a run after an epoch; need not exist. */
export function epochModel(project: Project, run: string, epoch: number): string {
  return runPath(project, run, epochFolder(epoch), 'model.json');
}

function keptEpochs(project: Project, run: string): number[] {
  const folder = runPath(project, run, 'epochs');
  if (!existsSync(folder)) return [];
  // Folders, so none that a link only looks like.
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const epochs = entries.map(({ name }) => Number(name)).filter(Number.isInteger);
  return epochs.filter((epoch) => existsSync(epochModel(project, run, epoch))).sort((a, b) => a - b);
}

function ofRun(project: Project, id: string, epoch: number | undefined): NamedModel {
  const record = requireRun(project, id);
  const epochs = keptEpochs(project, id);
  if (epoch !== undefined) {
    if (!epochs.includes(epoch)) throw new AppError('NOT_FOUND', { what: 'kept epoch', id: String(epoch) });
    return { path: epochModel(project, id, epoch), name: `${record.name}, epoch ${epoch}`, epochs };
  }
  const path = runModel(project, id);
  if (!existsSync(path)) throw new AppError('TRAINING_NO_MODEL', { id });
  return { path, name: record.name, epochs };
}
