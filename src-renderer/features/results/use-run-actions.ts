/** Actions on the run that is shown. */
import { type Ref, ref } from 'vue';
import { useRouter } from 'vue-router';
import type { Run, Split } from '../../../src-main/contract/app/index.ts';
import { seedsFrom, useRunsStore } from '../train/index.ts';

/**
 * Args:
 *   run: the run that is shown.
 *   attempt: does work and shows its failure on the screen.
 *   measured: called with the split that was evaluated.
 */
export function useRunActions(
  run: Readonly<Ref<Run | null>>,
  attempt: (work: () => Promise<unknown>) => Promise<void>,
  measured: (split: Split) => void,
) {
  const runs = useRunsStore();
  const router = useRouter();
  const measuring = ref<Split | null>(null);

  async function onRun(work: (run: Run) => Promise<unknown>): Promise<void> {
    const shown = run.value;
    if (shown !== null) await attempt(() => work(shown));
  }
  async function measure(split: Split): Promise<void> {
    measuring.value = split;
    await onRun(async ({ id }) => {
      await runs.evaluate(id, split);
      measured(split);
    });
    measuring.value = null;
  }
  const rename = (name: string): void => void onRun(({ id }) => runs.rename(id, name));
  const remove = (): void =>
    void onRun(async ({ id }) => {
      await runs.remove(id);
      await router.replace('/results');
    });
  const removeDamaged = (id: string): void => void attempt(() => runs.remove(id));
  const note = (id: string, notes: string): void => void attempt(() => runs.note(id, notes));

  /** A run that trains is watched on the Train screen. */
  const trainOn = (work: (run: Run) => Promise<unknown>): void =>
    void onRun(async (shown) => {
      await work(shown);
      await router.push('/train');
    });
  const extend = (epochs: number): void => trainOn(({ id }) => runs.extend(id, epochs));
  const repeat = (count: number): void =>
    trainOn(({ recipe, settings }) => runs.repeat(recipe, settings, seedsFrom(settings.seed + 1, count)));

  return { measuring, measure, rename, remove, removeDamaged, note, extend, repeat };
}
