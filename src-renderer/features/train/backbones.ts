/** Pretrained networks on this machine, and getting more of them. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { BackboneInfo, BackboneVerification, ErrorData } from '../../../src-main/contract/app/index.ts';
import { type FileSource, api, bring } from '../../client/index.ts';
import { failureOf } from '../../shared/project/failures.ts';

/** What this session knows of a file that it was asked to verify. */
export type Verification =
  | { readonly state: 'running' }
  | { readonly state: 'verified'; readonly found: BackboneVerification }
  /** `damaged`: the file is not what it should be; `failed`: nobody knows, for the reason given. */
  | { readonly state: 'damaged' | 'failed'; readonly error: ErrorData };

/** Errors that say that a file is not what it should be; others say why that could not be found out. */
const damageCodes = new Set(['BACKBONE_CHANGED', 'BACKBONE_PROOF_WRONG']);

function filesOf({ file, otherFiles }: BackboneInfo): string[] {
  return [...(file === null ? [] : [file]), ...otherFiles].map(({ id }) => id);
}

export const useBackbonesStore = defineStore('backbones', () => {
  const list = shallowRef<readonly BackboneInfo[]>([]);
  const failure = shallowRef<ErrorData | null>(null);
  /** A file is being added. */
  const adding = ref(false);

  /** By the file's id. */
  const verifications = shallowRef<ReadonlyMap<string, Verification>>(new Map());

  /** The list as the services push it. */
  function take(backbones: readonly BackboneInfo[]): void {
    list.value = backbones;
    const files = new Set(backbones.flatMap(filesOf));
    verifications.value = new Map([...verifications.value].filter(([file]) => files.has(file)));
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
  async function add(source: FileSource | null): Promise<void> {
    if (source === null) return;
    adding.value = true;
    await attempt(async () => {
      const { signal } = new AbortController();
      return api.backbones.add(await bring(source, { signal, report: () => undefined }));
    });
    adding.value = false;
  }

  const remove = (file: string): Promise<void> => attempt(() => api.backbones.remove({ file }));

  function note(file: string, verification: Verification | null): void {
    const next = new Map(verifications.value);
    if (verification === null) next.delete(file);
    else next.set(file, verification);
    verifications.value = next;
  }

  /** Compares a file with what it should be; what is found stands in `verifications`. */
  async function verify(file: string): Promise<void> {
    note(file, { state: 'running' });
    let outcome: Verification | null;
    try {
      outcome = { state: 'verified', found: await api.backbones.verify({ file }) };
    } catch (thrown) {
      const error = failureOf(thrown);
      outcome = error && { state: damageCodes.has(error.code) ? 'damaged' : 'failed', error };
    }
    // It may have been removed meanwhile.
    if (!verifications.value.has(file)) return;
    note(file, outcome);
    // The list says what else is wrong with a file, such as a missing part.
    if (outcome?.state === 'failed') await load();
  }

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

  return {
    list,
    failure,
    adding,
    verifications,
    take,
    load,
    add,
    remove,
    verify,
    download,
    cancel,
    dismiss,
  };
});
