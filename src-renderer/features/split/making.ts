/** Making a split, from whichever screen. */
import { ref, shallowRef } from 'vue';
import type { ErrorData, SplitFractions } from '../../../src-main/contract/app/index.ts';
import type { SplitOptions } from '../../shared/project/split-options.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { failureOf } from '../../shared/project/failures.ts';

/**
 * Makes splits one at a time; why one could not be made is in `failure`.
 * @param onMade called after each split
 */
export function useSplitMaking(onMade: () => void) {
  const dataset = useDatasetStore();
  const splitting = ref(false);
  const failure = shallowRef<ErrorData | null>(null);

  async function makeSplit(fractions: SplitFractions, seed: number, options: SplitOptions): Promise<void> {
    failure.value = null;
    splitting.value = true;
    try {
      await dataset.makeSplit(fractions, seed, options);
      onMade();
    } catch (thrown) {
      failure.value = failureOf(thrown);
    } finally {
      splitting.value = false;
    }
  }
  return { splitting, failure, makeSplit };
}
