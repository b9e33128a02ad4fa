/** What the app does for the safety of the open project: backups, and photos that are not in it. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { ErrorData, ProjectCare } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { failureOf } from './failures.ts';

export const useCareStore = defineStore('care', () => {
  const state = shallowRef<ProjectCare | null>(null);
  const failure = shallowRef<ErrorData | null>(null);
  /** What the user has put away: it comes back when something about it changes. */
  const dismissed = shallowRef('');

  const key = (care: ProjectCare): string => JSON.stringify([care.problems, care.unknown]);
  /** What is to be shown; null when there is nothing, or it was put away. */
  const shown = computed(() => {
    const care = state.value;
    if (care === null || (care.problems.length === 0 && care.unknown.photos === 0)) return null;
    return key(care) === dismissed.value ? null : care;
  });

  function take(care: ProjectCare | null): void {
    state.value = care;
  }
  function reset(): void {
    state.value = null;
    failure.value = null;
    dismissed.value = '';
  }
  function dismiss(): void {
    if (state.value !== null) dismissed.value = key(state.value);
  }
  async function importUnknown(): Promise<void> {
    failure.value = null;
    try {
      await api.projects.importUnknown();
    } catch (thrown) {
      failure.value = failureOf(thrown);
    }
  }

  return { state, failure, shown, take, reset, dismiss, importUnknown };
});
