/** Models that leave the app: the formats there are, and the export that is being written or was written last. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { ExportFormatInfo, ExportResult } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { useLongTask } from '../../shared/composables/long-task.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { takeOutText as text } from './text.ts';

export const useExportsStore = defineStore('exports', () => {
  const formats = shallowRef<readonly ExportFormatInfo[]>([]);
  /** The run whose export it is. */
  const run = ref<string | null>(null);
  const result = shallowRef<ExportResult | null>(null);
  const task = useLongTask(failureOf);

  async function loadFormats(): Promise<void> {
    if (formats.value.length === 0) formats.value = await api.exports.formats();
  }

  /**
   * Writes an export, where the host can into a folder that the user picks; one at a time.
   * @param pickPlace whether there is a dialog for it
   */
  async function write(of: string, format: string, pickPlace: boolean): Promise<void> {
    const picked = pickPlace ? await api.datasets.pickFolder({ title: text.whereTo }) : undefined;
    if (picked === null) return;
    run.value = of;
    result.value = null;
    const wanted = { run: of, format, ...(picked === undefined ? {} : { into: picked.pick }) };
    await task.run(
      (signal) => api.exports.write(wanted, { signal }),
      (event) => {
        if (event.type === 'done') result.value = event;
      },
    );
  }

  function show(): void {
    const { value } = result;
    if (value !== null) void api.exports.show({ id: value.id });
  }

  /** Forgets what belongs to the project that was open. */
  function reset(): void {
    task.cancel();
    run.value = null;
    result.value = null;
    task.failure.value = null;
  }

  const { working, progress, failure, cancel } = task;
  return { formats, run, result, working, progress, failure, loadFormats, write, show, cancel, reset };
});
