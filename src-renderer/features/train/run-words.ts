/** A run's state in words and colour. */
import type { RunStatus } from '../../../src-main/contract/app/index.ts';
import { runWordsText } from './text.ts';

interface StatusLook {
  readonly word: string;
  readonly colour: 'neutral' | 'primary' | 'success' | 'warning' | 'error';
}

const looks: Record<RunStatus, StatusLook> = {
  preparing: { word: runWordsText.preparing, colour: 'primary' },
  training: { word: runWordsText.training, colour: 'primary' },
  paused: { word: runWordsText.paused, colour: 'warning' },
  evaluating: { word: runWordsText.testing, colour: 'primary' },
  done: { word: runWordsText.done, colour: 'success' },
  stopped: { word: runWordsText.stopped, colour: 'neutral' },
  interrupted: { word: runWordsText.interrupted, colour: 'warning' },
  failed: { word: runWordsText.failed, colour: 'error' },
};

/** How a status is shown. */
export function statusLook(status: RunStatus): StatusLook {
  return looks[status];
}
