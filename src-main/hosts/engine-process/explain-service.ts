/** The handlers of `engineExplainContract`. */
import type { EngineHeatmap, engineExplainContract } from '../../contract/engine/explain.ts';
import type { ExplainProgress } from '../../contract/app/explain/network.ts';
import { Throttle } from '../../core/jobs/throttle.ts';
import { streamEvents } from '../../core/jobs/async-queue.ts';
import type { ExplainWork } from '../../engine/interpretation/explained-models.ts';
import type { ServiceOf } from '../../services/base/bind-service.ts';
import type { ReadyEngine } from './engine-service.ts';

/** Milliseconds between two progress messages; much of what is explained takes less than a second. */
const progressInterval = 100;

function toProgress(emit: (event: ExplainProgress) => void): (done: number, total: number) => void {
  const throttle = new Throttle(progressInterval);
  return (done, total) => {
    if (throttle.isDue(done >= total)) emit({ type: 'progress', phase: 'computing', done, total });
  };
}

/** Progress while the work lasts, then its result. */
function steps<Result>(
  signal: AbortSignal | undefined,
  work: (work: ExplainWork) => Promise<Result>,
): AsyncGenerator<ExplainProgress | { type: 'done'; result: Result }, void> {
  return streamEvents<ExplainProgress | { type: 'done'; result: Result }>(async (emit, ending) => {
    const result = await work({ signal: ending, onProgress: toProgress(emit) });
    emit({ type: 'done', result });
  }, signal);
}

/** Handlers of `engineExplainContract`. */
export function createExplainService(
  ready: () => Promise<ReadyEngine>,
): ServiceOf<typeof engineExplainContract> {
  const explain = async () => (await ready()).engine.explain;
  const heatmaps = async () => (await ready()).engine.heatmaps;
  return {
    overview: async (reference) => (await explain()).overview(reference),
    kernel: async ({ layer, filter, ...reference }) => (await explain()).kernel(reference, layer, filter),
    activations: async ({ layers, afterActivation, into, ...reference }) =>
      (await explain()).activations(reference, layers, afterActivation, into),
    measure: async ({ batchSize, ...reference }, { signal }) => {
      const explainer = await explain();
      return steps(signal, (work) => explainer.measure(reference, batchSize, work));
    },
    strongest: async ({ tiles, slots, layer, channel, count, ...reference }, { signal }) => {
      const explainer = await explain();
      const wanted = { layer, channel, count };
      return steps(signal, (work) => explainer.strongest(reference, tiles, slots, wanted, work));
    },
    patterns: async ({ model, preprocessing, ...wanted }, { signal }) => {
      const explainer = await explain();
      return steps(signal, (work) => explainer.patterns({ model, preprocessing }, wanted, work));
    },
    heatmap: async ({ method, layer, class: explained, ...reference }, { signal }) => {
      const maker = await heatmaps();
      const request = { method, layer, class: explained };
      return steps(signal, (work) => maker.one(reference, request, work));
    },
    heatmaps: async ({ tiles, slots, classes, method, layer, ...reference }, { signal }) => {
      const maker = await heatmaps();
      return streamEvents<{ place: number; heatmap: EngineHeatmap }>((emit, ending) => {
        const each = (place: number, heatmap: EngineHeatmap): void => emit({ place, heatmap });
        return maker.many(reference, tiles, { slots, classes }, { method, layer }, each, ending);
      }, signal);
    },
    randomised: async ({ method, layer, class: explained, ...reference }, { signal }) => {
      const maker = await heatmaps();
      const request = { method, layer, class: explained };
      return steps(signal, (work) => maker.randomised(reference, request, work));
    },
    curves: async ({ method, layer, class: explained, ...reference }, { signal }) => {
      const maker = await heatmaps();
      const request = { method, layer, class: explained };
      return steps(signal, (work) => maker.curves(reference, request, work));
    },
  };
}
