/** From the figures of an evaluation to the photos behind them. */
import { type ComputedRef, computed } from 'vue';
import { useRouter } from 'vue-router';
import type { Evaluation, ImageFilter, Run } from '../../../src-main/contract/app/index.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';

/**
 * Leads from an evaluation to its photos on Images, those that the network was surest of first.
 * @param attempt runs something and shows what went wrong
 */
export function useEvaluatedPhotos(
  run: ComputedRef<Run | null>,
  evaluation: ComputedRef<Evaluation | undefined>,
  attempt: (work: () => Promise<unknown>) => Promise<void>,
) {
  const dataset = useDatasetStore();
  const router = useRouter();

  /** How many photos were predicted as another class than their true one. */
  const mistakes = computed(() =>
    (evaluation.value?.confusionMatrix ?? []).reduce(
      (sum, row, truth) =>
        sum + row.reduce((wrong, images, said) => wrong + (said === truth ? 0 : images), 0),
      0,
    ),
  );

  function show(filter: ImageFilter): void {
    if (run.value === null || evaluation.value === undefined) return;
    const wanted = { run: run.value.id, split: evaluation.value.split, ...filter };
    void attempt(async () => {
      await dataset.setFilter(wanted, { by: 'confidence', descending: true });
      await router.push('/images');
    });
  }
  const showMistakes = (): void => show({ prediction: 'wrong' });
  /** The photos of one cell of the confusion matrix. */
  function showCell(truth: string, said: string): void {
    const idOf = (wanted: string): number | undefined =>
      dataset.summary?.classes.find(({ name }) => name === wanted)?.id;
    show({ classId: idOf(truth), predictedClassId: idOf(said) });
  }
  return { mistakes, showMistakes, showCell };
}
