/** Requests that look inside a network. The work is in inside/. */
import { AppError } from '../../contract/shared/errors.ts';
import { type InsideOverview, type LayerTimes, type insideContract } from '../../contract/app/explain.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import { lookAtActivations, lookForStrongest } from './activations.ts';
import { type DrawOptions, type DrawnFile, draw } from './drawing.ts';
import { lookAtHeatmaps } from './heatmap-grid.ts';
import { checkByCurves, checkByRandomising, lookAtHeatmap } from './heatmaps.ts';
import { type Looking, follow, openModel, reference, stream } from './looking.ts';
import { lookAtPatterns } from './patterns.ts';
import { InsideResults } from './results.ts';

/** Makes the service: the handlers of `contract.inside`, and the pictures of what they found. */
export function createInsideService(context: ServiceContext) {
  const results = new InsideResults();
  // Ids of images are a project's own.
  context.beforeProjectCloses(async () => results.clear());
  const looking: Looking = { context, results, software: `Lenslet ${context.info.version}` };
  const handlers: ServiceOf<typeof insideContract> = {
    overview: ({ model }) => overviewOf(looking, model),
    measure: ({ model, batchSize }, { signal }) =>
      stream<LayerTimes>(signal, async (tell, ending) => {
        const opened = await openModel(looking, model);
        const { engine, device } = await context.engine.describe();
        const request = { ...reference(opened), batchSize };
        const measured = await follow(
          looking,
          (process, stop) => process.inside.measure(request, { signal: stop }),
          tell,
          ending,
        );
        const milliseconds = measured.layers.reduce((sum, layer) => sum + layer.milliseconds, 0);
        return { type: 'done', engine, device, batchSize, milliseconds, ...measured };
      }),
    activations: (input, { signal }) =>
      stream(signal, (_, ending) => lookAtActivations(looking, input, ending)),
    strongest: (input, { signal }) =>
      stream(signal, (tell, ending) => lookForStrongest(looking, input, tell, ending)),
    kernel: async ({ model, layer, filter }) => {
      const request = { ...reference(await openModel(looking, model)), layer, filter };
      return context.engine.ask((engine) => engine.inside.kernel(request));
    },
    patterns: (input, { signal }) =>
      stream(signal, (tell, ending) => lookAtPatterns(looking, input, tell, ending)),
    heatmap: (input, { signal }) =>
      stream(signal, (tell, ending) => lookAtHeatmap(looking, input, tell, ending)),
    heatmaps: (input, { signal }) =>
      stream(signal, (tell, ending) => lookAtHeatmaps(looking, input, tell, ending)),
    randomised: (input, { signal }) =>
      stream(signal, (tell, ending) => checkByRandomising(looking, input, tell, ending)),
    curves: (input, { signal }) =>
      stream(signal, (tell, ending) => checkByCurves(looking, input, tell, ending)),
  };
  return {
    handlers,
    /** A picture of a result as a file. @throws AppError NOT_FOUND, IMAGE_… */
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

/** The inside service as others use it. */
export type InsideService = ReturnType<typeof createInsideService>;

async function overviewOf(looking: Looking, model: Parameters<typeof openModel>[1]): Promise<InsideOverview> {
  const { name, epochs, overview } = await openModel(looking, model);
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
