/** Activations of one photo or of two, of one epoch or of two: computed anew whenever what is wanted changes. */
import { computed, ref, shallowRef, watch } from 'vue';
import type { Activations, ExplainModel, ExplainPhoto } from '../../../../src-main/contract/app/index.ts';
import { api } from '../../../client/index.ts';
import { useLongTask } from '../../../shared/composables/long-task.ts';
import { failureOf } from '../../../shared/project/failures.ts';
import { termOfLayer } from '../../../shared/text/glossary.ts';
import { useExplainStore } from '../store.ts';
import { activationsText } from './text.ts';

interface Wanted {
  readonly model: ExplainModel;
  readonly photo: ExplainPhoto;
  readonly afterActivation: boolean;
}

/** Computes activations anew whenever what is wanted changes; null: none are wanted. */
function follow(wanted: () => Wanted | null) {
  const task = useLongTask(failureOf);
  const result = shallowRef<Activations | null>(null);
  async function compute(input: Wanted): Promise<void> {
    await task.run(
      (signal) => api.explain.activations(input, { signal }),
      (event) => {
        if (event.type === 'done') result.value = event;
      },
    );
    if (task.failure.value !== null) result.value = null;
  }
  watch(
    () => JSON.stringify(wanted()),
    () => {
      const input = wanted();
      if (input === null) {
        task.cancel();
        result.value = null;
        return;
      }
      void compute(input);
    },
    { immediate: true },
  );
  return { task, result };
}

/** What the first activations are compared with, and the epochs to choose from. */
function useComparison() {
  const explain = useExplainStore();
  const comparing = ref<'nothing' | 'photo' | 'epoch'>('nothing');
  const otherEpoch = ref<number | null>(null);
  const epochs = computed(() => (explain.model?.kind === 'run' ? (explain.overview?.epochs ?? []) : []));
  // At once: on coming from another tab the epochs are known already.
  watch(
    epochs,
    (now) => {
      otherEpoch.value = now[0] ?? null;
      if (now.length === 0 && comparing.value === 'epoch') comparing.value = 'nothing';
    },
    { immediate: true },
  );
  const comparisons = computed(() => [
    { value: 'nothing' as const, label: activationsText.nothing },
    { value: 'photo' as const, label: activationsText.aPhoto },
    ...(epochs.value.length > 0 ? [{ value: 'epoch' as const, label: activationsText.anEpoch }] : []),
  ]);
  const titles = computed(() => {
    if (comparing.value === 'epoch' && explain.model?.kind === 'run') {
      const { epoch } = explain.model;
      const first = epoch === undefined ? activationsText.asItIsNow : activationsText.afterEpoch(epoch);
      return [first, otherEpoch.value === null ? '' : activationsText.afterEpoch(otherEpoch.value)];
    }
    return [explain.photo?.name ?? '', explain.second?.name ?? ''];
  });
  return { comparing, comparisons, otherEpoch, epochs, titles };
}

/** One layer with its activations for each of the photos or epochs being compared. */
export type ActivationRow = ReturnType<typeof useActivations>['rows']['value'][number];

/** The activations of the chosen network for the chosen photo, and of what they are compared with. */
export function useActivations() {
  const explain = useExplainStore();
  const comparison = useComparison();
  const { comparing, otherEpoch, titles } = comparison;
  const afterActivation = ref(false);

  const wantedFirst = (): Wanted | null =>
    explain.model === null || !explain.photo?.photo
      ? null
      : { model: explain.model, photo: explain.photo.photo, afterActivation: afterActivation.value };
  const wantedSecond = (): Wanted | null => {
    const base = wantedFirst();
    if (base === null) return null;
    if (comparing.value === 'photo')
      return explain.second?.photo ? { ...base, photo: explain.second.photo } : null;
    if (comparing.value === 'epoch' && base.model.kind === 'run' && otherEpoch.value !== null)
      return { ...base, model: { kind: 'run', run: base.model.run, epoch: otherEpoch.value } };
    return null;
  };
  const first = follow(wantedFirst);
  const second = follow(wantedSecond);

  const sides = computed(() =>
    [first.result.value, second.result.value].flatMap((result, i) =>
      result ? [{ result, title: titles.value[i] }] : [],
    ),
  );
  const rows = computed(() =>
    (first.result.value?.layers ?? []).map((layer) => ({
      layer,
      term: termOfLayer(layer.type),
      sides: sides.value.flatMap(({ result, title }) => {
        const found = result.layers.find(({ name }) => name === layer.name);
        return found ? [{ title, id: result.id, photo: result.photo, layer: found }] : [];
      }),
    })),
  );
  return { ...comparison, afterActivation, first, second, rows };
}
