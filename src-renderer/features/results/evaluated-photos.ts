/** From the figures of an evaluation to the photos behind them. */
import { type ComputedRef, computed } from 'vue';
import { useRouter } from 'vue-router';
import type { Evaluation, Run } from '../../../src-main/contract/app/index.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { type JudgedView, queryOf } from './loop/index.ts';

/** Leads from an evaluation to its photos, shown in its place: those that the network was surest of first. */
export function useEvaluatedPhotos(
  run: ComputedRef<Run | null>,
  evaluation: ComputedRef<Evaluation | undefined>,
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

  function show(view: JudgedView): void {
    if (run.value !== null) void router.push({ path: `/results/${run.value.id}`, query: queryOf(view) });
  }
  function showMistakes(): void {
    if (evaluation.value !== undefined) show({ kind: 'mistakes', split: evaluation.value.split });
  }
  /** The photos of one cell of the confusion matrix. */
  function showCell(truth: string, said: string): void {
    const idOf = (wanted: string): number =>
      dataset.summary?.classes.find(({ name }) => name === wanted)?.id ?? 0;
    if (evaluation.value === undefined) return;
    show({ kind: 'cell', split: evaluation.value.split, truth: idOf(truth), said: idOf(said) });
  }
  return { mistakes, showMistakes, showCell };
}
