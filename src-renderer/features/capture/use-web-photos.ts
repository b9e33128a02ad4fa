/** Photos from web addresses: asked for by the services, each with what became of it, then imported as one set. */
import { computed, ref, shallowRef } from 'vue';
import type { AddressState, ErrorData } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { announce } from '../../shared/composables/announce.ts';
import { useLongTask } from '../../shared/composables/long-task.ts';
import { useCapturesStore } from './store.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useWebPhotosText as text } from './text.ts';

/** Fetches while the calling component lives. */
export function useWebPhotos() {
  const captures = useCapturesStore();
  const states = shallowRef<AddressState[]>([]);
  const task = useLongTask(failureOf);
  const importing = ref(false);
  const importFailure = shallowRef<ErrorData | null>(null);
  /** How many came; null until all were tried. */
  const fetched = ref<number | null>(null);
  const working = computed(() => task.working.value || importing.value);
  const failure = computed(() => task.failure.value ?? importFailure.value);

  /** @returns whether they are in the project */
  async function bringIn(upload: string): Promise<boolean> {
    importing.value = true;
    try {
      await captures.importSet(upload);
      return true;
    } catch (thrown) {
      importFailure.value = failureOf(thrown);
      return false;
    } finally {
      importing.value = false;
    }
  }

  /** Fetches and imports. */
  async function start(addresses: readonly string[], label: string | null): Promise<void> {
    fetched.value = null;
    importFailure.value = null;
    states.value = addresses.map((address) => {
      return { address, status: 'waiting', bytes: 0, total: null, error: null };
    });
    let upload: string | null = null;
    let came = 0;
    const ended = await task.run(
      (signal) => api.datasets.fetchAddresses({ addresses: [...addresses], label }, { signal }),
      (event) => {
        if (event.type === 'done') [upload, came] = [event.upload, event.fetched];
        else states.value = states.value.with(event.place, event.state);
      },
    );
    if (!ended || (upload !== null && !(await bringIn(upload)))) {
      states.value = [];
      return;
    }
    fetched.value = came;
    const failed = addresses.length - came;
    announce(text.fetched(came, failed > 0 ? text.failed(failed) : ''));
  }

  return { states, fetched, working, importing, failure, start, cancel: task.cancel };
}
