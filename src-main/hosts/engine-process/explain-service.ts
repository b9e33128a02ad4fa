/** The handlers of `engineExplainContract`. */
import type { EngineHeatmap, engineExplainContract } from '../../contract/engine/explain.ts';
import type { ExplainProgress } from '../../contract/app/explain/network.ts';
import { streamEvents } from '../../core/jobs/async-queue.ts';
import type { ExplainWork } from '../../engine/interpretation/explain.ts';
import type { ServiceOf } from '../../services/base/bind-service.ts';
import type { ReadyEngine } from './engine-service.ts';

/** Milliseconds between two progress messages: ten a second are as many as one can see. */
const progressInterval = 100;

function toProgress(tell: (event: ExplainProgress) => void): (done: number, total: number) => void {
  let last = -Infinity;
  return (done, total) => {
    if (performance.now() - last < progressInterval && done < total) return;
    last = performance.now();
    tell({ type: 'progress', phase: 'computing', done, total });
  };
}

/** Progress while the work lasts, then its result. */
function steps<Result>(
  signal: AbortSignal | undefined,
  work: (work: ExplainWork) => Promise<Result>,
): AsyncGenerator<ExplainProgress | { type: 'done'; result: Result }, void> {
  return streamEvents<ExplainProgress | { type: 'done'; result: Result }>(async (tell, ending) => {
    const result = await work({ signal: ending, onProgress: toProgress(tell) });
    tell({ type: 'done', result });
  }, signal);
}

/** Handlers of `engineExplainContract`. */
export function createExplainService(
  ready: () => Promise<ReadyEngine>,
): ServiceOf<typeof engineExplainContract> {
  const explain = async () => (await ready()).engine.explain;
  return {
    overview: async (reference) => (await explain()).overview(reference),
    kernel: async ({ layer, filter, ...reference }) => (await explain()).kernel(reference, layer, filter),
    activations: async ({ layers, afterActivation, into, ...reference }) =>
      (await explain()).activations(reference, layers, afterActivation, into),
    measure: async ({ batchSize, ...reference }, { signal }) => {
      const looking = await explain();
      return steps(signal, (work) => looking.measure(reference, batchSize, work));
    },
    strongest: async ({ tiles, slots, layer, channel, count, ...reference }, { signal }) => {
      const looking = await explain();
      const wanted = { layer, channel, count };
      return steps(signal, (work) => looking.strongest(reference, tiles, slots, wanted, work));
    },
    patterns: async ({ model, preprocessing, ...wanted }, { signal }) => {
      const looking = await explain();
      return steps(signal, (work) => looking.patterns({ model, preprocessing }, wanted, work));
    },
    heatmap: async ({ method, layer, class: wanted, ...reference }, { signal }) => {
      const looking = await explain();
      const wish = { method, layer, class: wanted };
      return steps(signal, (work) => looking.heatmap(reference, wish, work));
    },
    heatmaps: async ({ tiles, slots, classes, method, layer, ...reference }, { signal }) => {
      const looking = await explain();
      return streamEvents<{ place: number; heatmap: EngineHeatmap }>((tell, ending) => {
        const each = (place: number, heatmap: EngineHeatmap): void => tell({ place, heatmap });
        return looking.heatmaps(reference, tiles, { slots, classes }, { method, layer }, each, ending);
      }, signal);
    },
    randomised: async ({ method, layer, class: wanted, ...reference }, { signal }) => {
      const looking = await explain();
      const wish = { method, layer, class: wanted };
      return steps(signal, (work) => looking.randomised(reference, wish, work));
    },
    curves: async ({ method, layer, class: wanted, ...reference }, { signal }) => {
      const looking = await explain();
      const wish = { method, layer, class: wanted };
      return steps(signal, (work) => looking.curves(reference, wish, work));
    },
  };
}
