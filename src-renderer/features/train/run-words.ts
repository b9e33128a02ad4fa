/** A run's state in words and colour. */
import type { RunStatus } from '../../../src-main/contract/app/index.ts';

interface StatusLook {
  readonly word: string;
  readonly colour: 'neutral' | 'primary' | 'success' | 'warning' | 'error';
}

const looks: Record<RunStatus, StatusLook> = {
  preparing: { word: 'Preparing', colour: 'primary' },
  training: { word: 'Training', colour: 'primary' },
  paused: { word: 'Paused', colour: 'warning' },
  evaluating: { word: 'Testing', colour: 'primary' },
  done: { word: 'Done', colour: 'success' },
  stopped: { word: 'Stopped', colour: 'neutral' },
  interrupted: { word: 'Interrupted', colour: 'warning' },
  failed: { word: 'Failed', colour: 'error' },
};

/** How a status is shown. */
export function statusLook(status: RunStatus): StatusLook {
  return looks[status];
}
