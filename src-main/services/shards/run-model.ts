/** The answers of a run: they become the predictions that the grid, the map and the filters show. */
import { AppError } from '../../contract/shared/errors.ts';
import { likeliest } from '../../core/statistics/likeliest.ts';
import { listClasses } from '../../project/images/classes.ts';
import type { Project } from '../../project/project.ts';
import { findPredictions, storePredictions } from '../../project/runs/predictions.ts';
import { findRecipe } from '../../registries/recipes/index.ts';
import { hashOfModel } from '../backbones/file-hash.ts';
import type { ServiceContext } from '../base/context.ts';
import { exportModel } from '../exports/export-model.ts';
import { outputsByClass, readDataset, runModel } from '../runs/run-files.ts';
import { requireRun } from '../runs/run-states.ts';
import { runTile, tilesOf } from '../runs/run-tiles.ts';
import type { ResultStore, ShardModel } from './shard-model.ts';

/** Probabilities are kept in millionths. */
const kept = 1e-6;

/**
 * A run's network as work for other machines.
 * @throws AppError NOT_FOUND, TRAINING_NO_MODEL
 */
export async function shardRunModel(
  context: ServiceContext,
  project: Project,
  run: string,
): Promise<ShardModel> {
  const record = requireRun(project, run);
  const path = runModel(project, run);
  const hash = await hashOfModel(path).catch((cause: unknown) => {
    throw new AppError('TRAINING_NO_MODEL', { id: run }, { cause });
  });
  const spec = runTile(findRecipe(record.recipe), record.settings);
  return {
    id: `run:${run}:${hash.slice(0, 16)}`,
    kind: 'probabilities',
    length: record.classes.length,
    spec,
    classes: record.classes,
    async compute(photos, signal) {
      const pack = await tilesOf(project, photos, spec, { signal });
      const request = { model: path, tiles: { path: pack.path, ...spec }, slots: Array.from(pack.slots) };
      const { probabilities } = await context.engine.ask(
        (engine) => engine.predict(request, { signal }),
        signal,
      );
      return probabilities.map((row) => Float32Array.from(row));
    },
    write: async (folder, emit, signal) =>
      void (await exportModel(context, project, record, 'onnx', folder, emit, signal)),
    // Whether those that are kept are of the present weights is not known.
    missing: (photos) => Promise.resolve([...photos]),
    open: async (photos) => openStore(project, run, photos, await classOfOutput(project, run)),
  };
}

/** The class of the project for each output of a run's network. */
async function classOfOutput(project: Project, run: string): Promise<ReadonlyMap<number, number>> {
  const outputs = outputsByClass(listClasses(project.database), await readDataset(project, run));
  return new Map([...outputs].map(([classId, output]) => [output, classId]));
}

function openStore(
  project: Project,
  run: string,
  photos: readonly { readonly id: number }[],
  classOf: ReadonlyMap<number, number>,
): ResultStore {
  const { database } = project;
  const bestOf = (values: Float32Array) => {
    const best = likeliest(values);
    return { classId: classOf.get(best), probability: Math.round(values[best] / kept) * kept };
  };
  return {
    isThere(index, values) {
      const { id } = photos[index];
      const found = findPredictions(database, run, [id]).get(id);
      const { classId, probability } = bestOf(values);
      return (
        classId === undefined ||
        (found?.classId === classId && Math.abs(found.probability - probability) < kept)
      );
    },
    write: (indexes, rows) => {
      const answers = indexes.flatMap((index, at) => {
        const { classId, probability } = bestOf(rows[at]);
        return classId === undefined ? [] : { imageId: photos[index].id, classId, probability };
      });
      storePredictions(database, run, answers);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
