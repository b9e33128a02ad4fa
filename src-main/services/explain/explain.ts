/** Requests that look inside a network. The work is in inside/. */
import { AppError } from '../../contract/shared/errors.ts';
import { type ExplainOverview, type LayerTimes } from '../../contract/app/explain/network.ts';
import { type explainContract } from '../../contract/app/explain.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import { lookAtActivations, lookForStrongest } from './activations.ts';
import { type DrawOptions, type DrawnFile, draw } from './drawing.ts';
import type { ModelChoice } from '../runs/models.ts';
import { lookAtHeatmaps } from './heatmap-grid.ts';
import { heatmapsOfFiles } from './heatmaps-of-files.ts';
import { checkByCurves, checkByRandomising, lookAtHeatmap } from './heatmaps.ts';
import { type ExplainContext, follow, openModel, reference, stream } from './explain-context.ts';
import { lookAtPatterns } from './patterns.ts';
import { ExplainResults } from './results.ts';

/** Makes the service: the handlers of `contract.explain`, and the pictures of what they found. */
export function createExplainService(context: ServiceContext) {
  const results = new ExplainResults();
  // Ids of images are a project's own.
  context.beforeProjectCloses(async () => results.clear());
  const explain: ExplainContext = { context, results, software: `Lenslet ${context.info.version}` };
  const handlers: ServiceOf<typeof explainContract> = {
    overview: ({ model }) => overviewOf(explain, model),
    measure: ({ model, batchSize }, { signal }) =>
      stream<LayerTimes>(signal, async (emit, ending) => {
        const opened = await openModel(explain, model);
        const { engine, device } = await context.engine.describe();
        const request = { ...reference(opened), batchSize };
        const measured = await follow(
          explain,
          (process, stop) => process.explain.measure(request, { signal: stop }),
          emit,
          ending,
        );
        const milliseconds = measured.layers.reduce((sum, layer) => sum + layer.milliseconds, 0);
        return { type: 'done', engine, device, batchSize, milliseconds, ...measured };
      }),
    activations: (input, { signal }) =>
      stream(signal, (_, ending) => lookAtActivations(explain, input, ending)),
    strongest: (input, { signal }) =>
      stream(signal, (emit, ending) => lookForStrongest(explain, input, emit, ending)),
    kernel: async ({ model, layer, filter }) => {
      const request = { ...reference(await openModel(explain, model)), layer, filter };
      return context.engine.ask((engine) => engine.explain.kernel(request));
    },
    patterns: (input, { signal }) =>
      stream(signal, (emit, ending) => lookAtPatterns(explain, input, emit, ending)),
    heatmap: (input, { signal }) =>
      stream(signal, (emit, ending) => lookAtHeatmap(explain, input, emit, ending)),
    heatmaps: (input, { signal }) =>
      stream(signal, (emit, ending) => lookAtHeatmaps(explain, input, emit, ending)),
    randomised: (input, { signal }) =>
      stream(signal, (emit, ending) => checkByRandomising(explain, input, emit, ending)),
    curves: (input, { signal }) =>
      stream(signal, (emit, ending) => checkByCurves(explain, input, emit, ending)),
  };
  return {
    handlers,
    /** A picture of a result as a file. @throws AppError NOT_FOUND, IMAGE_… */
    /** Heatmaps of files with a model that belongs to no project. @see heatmapsOfFiles */
    ofFiles: (choice: ModelChoice, paths: readonly string[], signal: AbortSignal) =>
      heatmapsOfFiles(context.engine, choice, paths, signal),
    picture: (
      id: string,
      path: readonly string[],
      format: 'png' | 'svg',
      options: DrawOptions,
    ): Promise<DrawnFile> => {
      const drawing = results.find(id, path);
      if (drawing === null) throw new AppError('NOT_FOUND', { what: 'picture', id: [id, ...path].join('/') });
      return draw(drawing, format, options);
    },
  };
}

async function overviewOf(
  explain: ExplainContext,
  model: Parameters<typeof openModel>[1],
): Promise<ExplainOverview> {
  const { name, epochs, overview } = await openModel(explain, model);
  const { classes, imageSize, channels, preprocessing, assumed, summary } = overview.description;
  const { params, trainableParams, trainableWeights, unfrozenWeights } = summary;
  const multiplications = overview.layers.reduce((sum, layer) => sum + layer.multiplications, 0);
  const about = {
    classes,
    imageSize,
    channels,
    preprocessing,
    assumed,
    params,
    trainableParams,
    trainableWeights,
    unfrozenWeights,
  };
  const { layers, heatmapLayer } = overview;
  return { name, ...about, layers, heatmapLayer, multiplications, epochs: [...epochs] };
}
