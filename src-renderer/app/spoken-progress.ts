/** Progress for screen readers: an epoch, an end, a failure; not every step. */
import { watch } from 'vue';
import type { ImportState, Run } from '../../src-main/contract/app/index.ts';
import { announce } from '../shared/composables/announce.ts';
import { percent, plural } from '../shared/text/format.ts';

function importSentence(state: ImportState): string {
  if (state.status === 'running') return `Importing ${state.source}.`;
  if (state.status === 'cancelled') return 'Import cancelled.';
  if (state.status === 'failed')
    return `Import failed. ${state.error?.message ?? ''} ${state.error?.remedy ?? ''}`;
  return `Import finished: ${plural(state.added, 'image')} added, ${plural(state.quarantined, 'file')} set aside.`;
}

function epochSentence(run: Run): string {
  const last = run.history.at(-1);
  if (last === undefined) return '';
  const validation = last.valAccuracy === null ? '' : `, validation accuracy ${percent(last.valAccuracy)}`;
  return `Epoch ${last.epoch} of ${run.totalEpochs}: training accuracy ${percent(last.accuracy)}${validation}.`;
}

function statusSentence(run: Run): string {
  if (run.status === 'failed')
    return `Training failed. ${run.error?.message ?? ''} ${run.error?.remedy ?? ''}`;
  if (run.status === 'done' && run.test)
    return `Training finished. Test accuracy ${percent(run.test.accuracy)}.`;
  return `${run.name}: ${run.status}.`;
}

/** Announces what changes about the import and the newest run. */
export function useSpokenProgress(importState: () => ImportState | null, newestRun: () => Run | null): void {
  watch(
    () => importState()?.status,
    () => {
      const state = importState();
      if (state !== null) announce(importSentence(state));
    },
  );
  watch(
    () => newestRun()?.history.length,
    (now, before) => {
      const run = newestRun();
      if (run !== null && now !== undefined && before !== undefined && now > before)
        announce(epochSentence(run));
    },
  );
  watch(
    () => newestRun()?.status,
    (now, before) => {
      const run = newestRun();
      if (run !== null && before !== undefined && now !== undefined) announce(statusSentence(run));
    },
  );
}
