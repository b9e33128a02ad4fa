/** Requests about runs: train, pause, resume, stop, evaluate, rename and remove them. */
import type {
  Cleaning,
  LearningRateEvent,
  Run,
  Split,
  TrainingSettings,
} from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import type { useKnownRuns } from './known-runs.ts';

/** @param known is kept up to date with the answers */
export function useRunRequests({ take, drop, watched, evaluations }: ReturnType<typeof useKnownRuns>) {
  function watchRun(run: Run): Run {
    take(run);
    watched.value = run.id;
    return run;
  }
  const start = async (recipe: string, settings: TrainingSettings): Promise<Run> =>
    watchRun(await api.training.start({ recipe, settings }));
  /** Trains the same with each of the seeds, one run after another. */
  const repeat = async (recipe: string, settings: TrainingSettings, seeds: number[]): Promise<Run> =>
    watchRun(await api.training.repeat({ recipe, settings, seeds }));
  /** Trains a finished run for more epochs. */
  const extend = async (id: string, epochs: number): Promise<Run> =>
    watchRun(await api.training.extend({ run: id, epochs }));

  /** Tries learning rates; aborting the signal cancels. */
  const findLearningRate = (
    recipe: string,
    settings: TrainingSettings,
    signal: AbortSignal,
  ): Promise<AsyncIterable<LearningRateEvent>> =>
    api.training.findLearningRate({ recipe, settings }, { signal });

  const pause = async (run: string): Promise<void> => take(await api.training.pause({ run }));
  const resume = async (run: string): Promise<void> => take(await api.training.resume({ run }));
  const stop = async (run: string): Promise<void> => take(await api.training.stop({ run }));
  const rename = async (run: string, name: string): Promise<void> =>
    take(await api.training.renameRun({ run, name }));
  const note = async (run: string, notes: string): Promise<void> =>
    take(await api.training.noteRun({ run, notes }));
  async function remove(run: string): Promise<void> {
    await api.training.removeRun({ run });
    drop(run);
  }

  /** Ends a run that has learnt nothing yet and takes it off the list; one that has by now is kept. */
  async function cancel(id: string): Promise<void> {
    const run = await api.training.stop({ run: id });
    if (run.status !== 'interrupted' || run.resumable || run.history.length > 0) take(run);
    else await remove(id);
  }

  async function loadEvaluations(run: string): Promise<void> {
    evaluations.set(run, await api.training.evaluations({ run }));
  }
  /** How cleaning the data changed a run's accuracy. */
  const cleaning = (run: string): Promise<Cleaning | null> => api.training.cleaning({ run });
  async function evaluate(run: string, split: Split): Promise<void> {
    await api.training.evaluate({ run, split });
    await loadEvaluations(run);
    take(await api.training.run({ run }));
  }

  return {
    start,
    repeat,
    extend,
    findLearningRate,
    pause,
    resume,
    stop,
    cancel,
    rename,
    note,
    remove,
    loadEvaluations,
    cleaning,
    evaluate,
  };
}
