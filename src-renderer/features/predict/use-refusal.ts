/** Whether a run may say "I don't know". */
import { type Ref, ref, watch } from 'vue';
import { api } from '../../client/index.ts';

/** True once it is known that a run has limits for it. @param run its id; null: there is none */
export function useRefusal(run: () => string | null): Readonly<Ref<boolean>> {
  const refuses = ref(false);
  watch(
    run,
    async (id) => {
      refuses.value = false;
      const fitted = id === null ? null : await api.training.calibration({ run: id }).catch(() => null);
      if (run() === id) refuses.value = fitted !== null && fitted.refusal !== null;
    },
    { immediate: true },
  );
  return refuses;
}
