/** The handlers of `engineInsideContract`. */
import type { EngineHeatmap, engineInsideContract } from '../../contract/engine/explain.ts';
import type { InsideProgress } from '../../contract/app/explain.ts';
import { tellings } from '../../core/jobs/async-queue.ts';
import type { InsideWork } from '../../engine/interpretation/explain.ts';
import type { ServiceOf } from '../../services/base/bind-service.ts';
import type { ReadyEngine } from './engine-service.ts';

/** Milliseconds between two progress messages: ten a second are as many as one can see. */
const progressInterval = 100;

function toProgress(tell: (event: InsideProgress) => void): (done: number, total: number) => void {
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
  work: (work: InsideWork) => Promise<Result>,
): AsyncGenerator<InsideProgress | { type: 'done'; result: Result }, void> {
  return tellings<InsideProgress | { type: 'done'; result: Result }>(async (tell, ending) => {
    const result = await work({ signal: ending, onProgress: toProgress(tell) });
    tell({ type: 'done', result });
  }, signal);
}

/** Handlers of `engineInsideContract`. */
export function createInsideService(
  ready: () => Promise<ReadyEngine>,
): ServiceOf<typeof engineInsideContract> {
  const inside = async () => (await ready()).engine.inside;
  return {
    overview: async (reference) => (await inside()).overview(reference),
    kernel: async ({ layer, filter, ...reference }) => (await inside()).kernel(reference, layer, filter),
    activations: async ({ layers, afterActivation, into, ...reference }) =>
      (await inside()).activations(reference, layers, afterActivation, into),
    measure: async ({ batchSize, ...reference }, { signal }) => {
      const looking = await inside();
      return steps(signal, (work) => looking.measure(reference, batchSize, work));
    },
    strongest: async ({ tiles, slots, layer, channel, count, ...reference }, { signal }) => {
      const looking = await inside();
      const wanted = { layer, channel, count };
      return steps(signal, (work) => looking.strongest(reference, tiles, slots, wanted, work));
    },
    patterns: async ({ model, preprocessing, ...wanted }, { signal }) => {
      const looking = await inside();
      return steps(signal, (work) => looking.patterns({ model, preprocessing }, wanted, work));
    },
    heatmap: async ({ method, layer, class: wanted, ...reference }, { signal }) => {
      const looking = await inside();
      const wish = { method, layer, class: wanted };
      return steps(signal, (work) => looking.heatmap(reference, wish, work));
    },
    heatmaps: async ({ tiles, slots, classes, method, layer, ...reference }, { signal }) => {
      const looking = await inside();
      return tellings<{ place: number; heatmap: EngineHeatmap }>((tell, ending) => {
        const each = (place: number, heatmap: EngineHeatmap): void => tell({ place, heatmap });
        return looking.heatmaps(reference, tiles, { slots, classes }, { method, layer }, each, ending);
      }, signal);
    },
    randomised: async ({ method, layer, class: wanted, ...reference }, { signal }) => {
      const looking = await inside();
      const wish = { method, layer, class: wanted };
      return steps(signal, (work) => looking.randomised(reference, wish, work));
    },
    curves: async ({ method, layer, class: wanted, ...reference }, { signal }) => {
      const looking = await inside();
      const wish = { method, layer, class: wanted };
      return steps(signal, (work) => looking.curves(reference, wish, work));
    },
  };
}
