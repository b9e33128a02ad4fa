/** Pretrained networks on this machine, and getting more of them. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { BackboneInfo, ErrorData } from '../../../src-main/contract/app/index.ts';
import { type FileSource, api, bring } from '../../client/index.ts';
import { failureOf } from '../../shared/project/failures.ts';

export const useBackbonesStore = defineStore('backbones', () => {
  const list = shallowRef<readonly BackboneInfo[]>([]);
  const failure = shallowRef<ErrorData | null>(null);
  /** A file is being added. */
  const adding = ref(false);

  /** The list as the services push it. */
  function take(backbones: readonly BackboneInfo[]): void {
    list.value = backbones;
  }

  async function attempt(work: () => Promise<readonly BackboneInfo[] | null>): Promise<void> {
    failure.value = null;
    try {
      const answer = await work();
      if (answer !== null) take(answer);
    } catch (thrown) {
      failure.value = failureOf(thrown);
    }
  }

  /** Reads the list from the disk again. */
  const load = (): Promise<void> => attempt(() => api.backbones.list());

  /** Takes dropped or picked weights into Lenslet's own folder. */
  async function add(source: FileSource): Promise<void> {
    adding.value = true;
    await attempt(async () => {
      const { signal } = new AbortController();
      return api.backbones.add(await bring(source, { signal, report: () => undefined }));
    });
    adding.value = false;
  }

  const remove = (file: string): Promise<void> => attempt(() => api.backbones.remove({ file }));
  const download = (reference: string): Promise<void> =>
    attempt(async () => {
      await api.backbones.download({ reference });
      return null;
    });
  const cancel = (reference: string): Promise<void> =>
    attempt(async () => {
      await api.backbones.cancelDownload({ reference });
      return null;
    });
  function dismiss(): void {
    failure.value = null;
  }

  return { list, failure, adding, take, load, add, remove, download, cancel, dismiss };
});
