/** Making a split, from whichever screen. */
import { ref, shallowRef } from 'vue';
import type { ErrorData, SplitFractions } from '../../../src-main/contract/app/index.ts';
import type { SplitOptions } from '../../shared/project/split-options.ts';
import { useChecksStore } from '../checks/store.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { failureOf } from '../../shared/project/failures.ts';

/** Makes splits one at a time; why one could not be made is in `failure`. */
export function useSplitMaking() {
  const dataset = useDatasetStore();
  const checks = useChecksStore();
  const splitting = ref(false);
  const failure = shallowRef<ErrorData | null>(null);

  async function makeSplit(fractions: SplitFractions, seed: number, options: SplitOptions): Promise<void> {
    failure.value = null;
    splitting.value = true;
    try {
      await dataset.makeSplit(fractions, seed, options);
      // Whether the new split leaks is what one wants to know next.
      checks.expect('split-leakage');
    } catch (thrown) {
      failure.value = failureOf(thrown);
    } finally {
      splitting.value = false;
    }
  }
  return { splitting, failure, makeSplit };
}
