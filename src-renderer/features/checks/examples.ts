/** A few photos of each check's worst findings, for the overview. */
import { shallowRef } from 'vue';
import type { CheckInfo } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';

/** Findings of a check from which the overview takes photos. */
const exampleFindings = 3;
const examplePhotos = 4;

async function readExamples(check: string): Promise<number[]> {
  const { findings } = await api.checks.findings({ check, limit: exampleFindings });
  const photos = findings.flatMap(({ sample }) => sample.slice(0, examplePhotos));
  return [...new Set(photos)].slice(0, examplePhotos);
}

/** Keeps examples by check, and reads again only what changed. */
export function useCheckExamples() {
  const examples = shallowRef<ReadonlyMap<string, readonly number[]>>(new Map());
  /** What the examples of each check were read for. */
  const readFor = new Map<string, string>();

  /** Reads the examples of the checks that changed. @throws AppError */
  async function refresh(list: readonly CheckInfo[], signal: AbortSignal): Promise<void> {
    const next = new Map(examples.value);
    for (const { id, ranAt, findings, dismissed } of list) {
      const state = [ranAt, findings, dismissed].join();
      if (readFor.get(id) === state) continue;
      const found = findings === 0 ? [] : await readExamples(id);
      if (signal.aborted) return;
      readFor.set(id, state);
      next.set(id, found);
    }
    examples.value = next;
  }
  function reset(): void {
    examples.value = new Map();
    readFor.clear();
  }
  return { examples, refresh, reset };
}
