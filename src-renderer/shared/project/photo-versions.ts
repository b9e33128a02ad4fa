/**
 * Which content each photo has that was shown lately, and with it its addresses. Asked for all photos that come into
 * view together, and again when files were imported: a changed file has another address.
 */
import { defineStore } from 'pinia';
import { shallowReactive, watch } from 'vue';
import { maxPhotoVersions } from '../../../src-main/contract/app/datasets.ts';
import { pictureAddress, thumbnailAddress } from '../../../src-main/contract/shared/media.ts';
import { api } from '../../client/index.ts';
import { useLatest } from '../composables/latest.ts';
import type { PhotoAddresses } from '../composables/photo-addresses.ts';
import { useProjectStore } from './project.ts';

/** Versions kept; beyond it the oldest are forgotten. */
const keep = 20_000;

export const usePhotoVersionsStore = defineStore('photo-versions', () => {
  const project = useProjectStore();
  const known = shallowReactive(new Map<number, string>());
  /** On their way, each with whoever waits for it. */
  let asking = new Map<number, Promise<void>>();
  let wanted = new Set<number>();
  /** Asked for in vain, as while the connection was lost. */
  let missed = new Set<number>();
  let next: Promise<void> | null = null;
  /** Another project makes the answers about the one before stale. */
  const answers = useLatest();

  async function ask(ids: readonly number[]): Promise<void> {
    const { signal } = answers;
    for (let at = 0; at < ids.length; at += maxPhotoVersions) {
      const some = ids.slice(at, at + maxPhotoVersions);
      const versions = await api.datasets.photoVersions({ ids: some });
      if (signal.aborted) return;
      some.forEach((id, place) => learn(id, versions[place]));
    }
    for (const id of known.keys()) {
      if (known.size <= keep) break;
      known.delete(id);
    }
  }
  function learn(id: number, version: string | null): void {
    if (version === null) known.delete(id);
    else if (known.get(id) !== version) known.set(id, version);
  }

  /** Asks for a photo with all others that are wanted in the same moment. */
  function want(id: number): Promise<void> {
    const onItsWay = asking.get(id);
    if (onItsWay !== undefined) return onItsWay;
    wanted.add(id);
    next ??= Promise.resolve().then(async () => {
      const ids = [...wanted];
      wanted = new Set();
      next = null;
      const { signal } = answers;
      try {
        await ask(ids);
      } catch (thrown) {
        if (!signal.aborted) for (const one of ids) missed.add(one);
        throw thrown;
      } finally {
        if (!signal.aborted) for (const one of ids) asking.delete(one);
      }
    });
    asking.set(id, next);
    return next;
  }

  function reference(id: number): Parameters<typeof pictureAddress>[0] | undefined {
    const version = known.get(id);
    const key = project.current?.key;
    if (version !== undefined && key !== undefined) return { project: key, id, version };
    // The page's other requests report the failure; `renew` asks again.
    if (key !== undefined) want(id).catch(() => undefined);
    return undefined;
  }

  const addresses: PhotoAddresses = {
    thumbnail(id) {
      const found = reference(id);
      return found && thumbnailAddress(found);
    },
    picture(id) {
      const found = reference(id);
      return found && pictureAddress(found);
    },
  };

  /** The address of a whole photo; undefined when the photo does not exist (any more). @throws AppError */
  async function pictureOf(id: number): Promise<string | undefined> {
    if (!known.has(id)) await want(id);
    return known.has(id) ? addresses.picture(id) : undefined;
  }

  /** Asks again for all that were asked for: files may have changed, or the connection was lost. */
  function renew(): void {
    const ids = new Set([...known.keys(), ...missed]);
    missed = new Set();
    ask([...ids]).catch(() => (missed = ids));
  }

  watch(
    () => project.current?.key,
    () => {
      answers.cancel();
      known.clear();
      asking = new Map();
      wanted = new Set();
      missed = new Set();
      next = null;
    },
    { flush: 'sync' },
  );

  return { addresses, pictureOf, renew };
});
