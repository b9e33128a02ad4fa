/** The handlers of the engine process: an `Engine` on the backend that the ladder found, with files from disk. */
import { findRecipe } from '../../registries/recipes/index.ts';
import { findExportFormat } from '../../registries/exports/index.ts';
import { heatmapMaker } from '../../registries/explanations/index.ts';
import { knownBackbones } from '../../registries/backbones/index.ts';
import { augmentations } from '../../registries/augmentations/index.ts';
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import imagenet from '../../../assets/imagenet-classes.json' with { type: 'json' };
import { type LoadedBackend, loadBackend } from '../../backends/ladder.ts';
import { loadLiteRt } from '../../backends/litert.ts';
import { frozenEngine, loadOnnxRuntime } from '../../backends/onnxruntime.ts';
import type {
  CalibrateEvent,
  EngineDescription,
  EvaluateEvent,
  FeaturesEvent,
  PackedSlots,
  SelfTest,
  TrainEvent,
  engineProcessContract,
} from '../../contract/engine/engine.ts';
import type { ExportEvent } from '../../contract/engine/exports.ts';
import type { LearningRateEvent } from '../../contract/app/training.ts';
import { openFeatureFile } from '../../datasets/tiles/feature-file.ts';
import { openTilePack } from '../../datasets/tiles/tile-reader.ts';
import { packIntegers, unpackIntegers } from '../../core/statistics/packed-integers.ts';
import { concatBytes } from '../../core/files/storage.ts';
import { streamEvents } from '../../core/jobs/async-queue.ts';
import type { LabelledSlots } from '../../engine/step/batches.ts';
import { Engine } from '../../engine/engine.ts';
import { folderStorage, writeFileAtomically } from '../../core/files/folder-storage.ts';
import type { ServiceOf } from '../../services/base/bind-service.ts';
import { augmentPack } from './augment.ts';
import { QuickRequests } from './quick-requests.ts';
import { selfTestEngine } from './self-test.ts';

/** An engine with the report of the ladder. */
export interface ReadyEngine {
  readonly engine: Engine;
  readonly rejected: LoadedBackend['rejected'];
}

const quick = new QuickRequests();

/** A model may be named by a link to it; its weights then lie beside the model, not beside the link. */
function splitPath(path: string): { folder: string; name: string } {
  let real = path;
  try {
    real = realpathSync(path);
  } catch {
    // Reading it will say what is wrong.
  }
  return { folder: dirname(real), name: basename(real) };
}

async function createEngine(): Promise<ReadyEngine> {
  const { backend, rejected } = await loadBackend();
  const engine = new Engine(
    {
      backend,
      loadOnnxRuntime,
      frozenEngine: frozenEngine(),
      loadLiteRt,
      storage: folderStorage,
      split: splitPath,
      openTiles: openTilePack,
      openFeatures: ({ path }, name, shape) => openFeatureFile(path, name, shape),
      join,
      imagenetNames: imagenet.names,
      yieldToOthers: () => quick.letOthers(),
      residentBytes: () => process.memoryUsage.rss(),
      freeBytes: () => process.availableMemory(),
    },
    { findRecipe, backbones: knownBackbones, augmentations, heatmapMaker, findExportFormat },
  );
  return { engine, rejected };
}

/** Gives the engine. The backend is loaded once, by the first request; its failure is kept. */
export function engineOnDemand(): () => Promise<ReadyEngine> {
  let creating: Promise<ReadyEngine> | null = null;
  return () => (creating ??= createEngine());
}

/** Handlers of `engineProcessContract`. */
export function createEngineService(
  ready: () => Promise<ReadyEngine>,
): ServiceOf<typeof engineProcessContract> {
  return {
    describe: async (): Promise<EngineDescription> => describe(await ready()),
    selfTest: async (): Promise<SelfTest> => selfTestEngine((await ready()).engine),
    summary: async (request) => (await ready()).engine.summary(request),
    networkSummary: async (network) => (await ready()).engine.networkSummary(network),
    describeModel: async (reference) => (await ready()).engine.describeModel(reference),
    train: async ({ train, validation, ...request }, { signal }) => {
      const { engine } = await ready();
      const job = { ...request, train: unpack(train), validation: validation && unpack(validation) };
      return streamEvents<TrainEvent>((emit, ending) => engine.training.train(job, emit, ending), signal);
    },
    computeFeatures: async ({ backbone, tiles, slots }, { signal }) => {
      const { engine } = await ready();
      const path = backbone.path ?? '';
      const wanted = { path, tiles, slots: Array.from(unpackIntegers(slots)) };
      return streamEvents<FeaturesEvent>(
        (emit, ending) => engine.computeFeatures(wanted, emit, ending),
        signal,
      );
    },
    writeFeatureNetwork: async ({ backbone, imageSize, folder, file }) => {
      const { engine } = await ready();
      const { name, shape } = await engine.writeFeatureNetwork(backbone.path ?? '', imageSize, folder, file);
      return { name, shape: [...shape] };
    },
    findLearningRate: async ({ train, ...request }, { signal }) => {
      const { engine } = await ready();
      const job = { ...request, train: unpack(train) };
      return streamEvents<LearningRateEvent>(
        (emit, ending) => engine.training.findLearningRate(job, emit, ending),
        signal,
      );
    },
    pause: async ({ run }) => (await ready()).engine.training.control(run).pause(),
    resume: async ({ run }) => (await ready()).engine.training.control(run).resume(),
    stop: async ({ run }) => (await ready()).engine.training.control(run).stop(),
    interrupt: async ({ run }) => (await ready()).engine.training.control(run).interrupt(),
    evaluate: async ({ tiles, images, scoresInto, ...reference }, { signal }) => {
      const { engine } = await ready();
      return streamEvents<EvaluateEvent>(async (emit, ending) => {
        const data = unpack(images);
        const total = data.slots.length;
        const onProgress = (done: number): void => emit({ type: 'progress', done, total });
        const scores: Float32Array[] = [];
        const onScores =
          scoresInto === undefined ? undefined : (some: Float32Array) => void scores.push(some.slice());
        const answered = await engine.answers.evaluate(reference, tiles, data, onProgress, ending, onScores);
        if (scoresInto !== undefined) await writeRows(scoresInto, scores);
        const { predicted, probabilities, temperature, ...measurement } = answered;
        const answers = {
          predicted: packIntegers(predicted),
          probabilities: packIntegers(probabilities.map((probability) => Math.round(probability * 1e6))),
        };
        emit({ type: 'done', measurement, answers, temperature });
      }, signal);
    },
    predict: async ({ tiles, slots, ...reference }, { signal }) => {
      const { engine } = await ready();
      const photos = await engine.answers.predict(reference, tiles, slots, signal);
      return {
        probabilities: photos.map(({ probabilities }) => probabilities),
        judgements: photos.map(({ judgement }) => judgement),
      };
    },
    calibrate: async ({ train, validation, ...request }, { signal }) => {
      const { engine } = await ready();
      const task = { ...request, train: Array.from(unpackIntegers(train)), validation: unpack(validation) };
      return streamEvents<CalibrateEvent>(async (emit, ending) => {
        const onProgress = (done: number, total: number): void => emit({ type: 'progress', done, total });
        emit({ type: 'done', calibration: await engine.answers.calibrate(task, onProgress, ending) });
      }, signal);
    },
    exportModel: async (request, { signal }) => {
      const { engine } = await ready();
      return streamEvents<ExportEvent>(
        (emit, ending) => engine.exports.export(request, emit, ending),
        signal,
      );
    },
    augment: (request) => quick.run(async () => augmentPack((await ready()).engine.backend, request)),
    shutdown: () => {
      // After the answer is on its way.
      setTimeout(() => process.exit(0), 20);
    },
  };
}

/** Writes rows of numbers one after another. @throws AppError DISK_FULL, FILE_UNWRITABLE */
function writeRows(path: string, parts: readonly Float32Array[]): Promise<void> {
  const bytes = parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return writeFileAtomically(path, concatBytes(bytes));
}

function unpack({ slots, labels }: PackedSlots): LabelledSlots {
  return { slots: unpackIntegers(slots), labels: unpackIntegers(labels) };
}

function describe({ engine, rejected }: ReadyEngine): EngineDescription {
  const { id, label, device, version, slow } = engine.backend;
  return {
    engine: id,
    label,
    device,
    version,
    slow,
    rejected: [...rejected],
    pid: process.pid,
  };
}
