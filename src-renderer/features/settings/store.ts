/** How Lenslet uses this machine: the engine's arithmetic, what it is worth, and the cache. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { CacheUsage, EngineSettings, FastMathComparison } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { storeText } from './text.ts';

export const useSettingsStore = defineStore('settings', () => {
  const engine = shallowRef<EngineSettings | null>(null);
  const cache = shallowRef<CacheUsage | null>(null);
  /** The last one of the open project. */
  const comparison = shallowRef<FastMathComparison | null>(null);
  /** Late answers about the project before are dropped. */
  const opened = useLatest();

  async function loadEngine(): Promise<void> {
    engine.value = await api.settings.engine();
  }

  async function setFastMath(on: boolean): Promise<void> {
    const before = engine.value;
    // The switch must not wait for the answer.
    if (before !== null) engine.value = { ...before, fastMath: { ...before.fastMath, on } };
    try {
      engine.value = await api.settings.setEngine({ fastMath: on });
    } catch (thrown) {
      engine.value = before;
      throw thrown;
    }
  }

  /** Measures with and without fast mathematics; the stream reports how far it is. */
  async function* measure(run: string, signal: AbortSignal) {
    const { signal: present } = opened;
    for await (const event of await api.settings.measureFastMath({ run }, { signal })) {
      if (event.type === 'progress') yield { ...event, phase: storeText.measuring };
      else if (!present.aborted) comparison.value = event.comparison;
    }
  }

  async function takeCache(answer: Promise<CacheUsage>): Promise<void> {
    const { signal } = opened;
    const usage = await answer;
    if (!signal.aborted) cache.value = usage;
  }
  const loadCache = (): Promise<void> => takeCache(api.settings.cache());
  /** Removes parts of the cache; all that nothing uses, when none is named. */
  const clearCache = (parts?: string[]): Promise<void> => takeCache(api.settings.clearCache({ parts }));
  /** @param bytes null: a share of the drive */
  const setCacheLimit = (bytes: number | null): Promise<void> =>
    takeCache(api.settings.setCacheLimit({ bytes }));

  /** Forgets what belongs to the project that was open. */
  function reset(): void {
    opened.cancel();
    cache.value = null;
    comparison.value = null;
  }

  return {
    engine,
    cache,
    comparison,
    loadEngine,
    setFastMath,
    measure,
    loadCache,
    clearCache,
    setCacheLimit,
    reset,
  };
});
