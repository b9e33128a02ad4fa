/** The text of this feature. */
import { percent } from '../shared/text/format.ts';

/** The text of `busy-dialog.vue`. */
export const busyDialogText = {
  hasNotEnded: (work: string): string => `${work} has not ended`,
  leavingWouldStopIt: (project: string): string => `Leaving “${project}” would stop it.`,
  explanation: (project: string): string =>
    `Only one project is open at a time. Training that is stopped now keeps its finished epochs: Train offers to resume it when “${project}” is open again. An import, a check or a map starts again from the beginning.`,
  stopAndLeave: 'Stop and leave',
  keepWorkingHere: 'Keep working here',
};

/** The text of `connection-notice.vue`. */
export const connectionNoticeText = {
  restarted: 'Lenslet was restarted',
  keyLost: ', or this browser has lost its key. Open the address it printed in its terminal.',
  notConnected: 'Not connected.',
  waiting: 'Waiting for Lenslet; work in progress continues.',
  tryNow: 'Try now',
};

/** The text of `crash-notice.vue`. */
export const crashNoticeText = {
  restarted: 'Lenslet’s core crashed and was started again.',
  kept: 'Everything that was saved is kept. Training that was running can be resumed on Train; an import can be started again.',
  dismiss: 'Dismiss',
};

/** The text of `engine-status-button.vue`. */
export const engineStatusButtonText = {
  engine: 'Engine',
  runsOn: 'Runs on',
  device: 'Device',
  version: 'Version',
  starting: 'It is starting. Everything except training works already.',
  slowHere: 'Training works, but much more slowly than this computer could.',
  notUsed: 'Not used',
  settings: 'Settings…',
  engineStarting: 'Engine starting…',
  noEngine: 'No engine',
  slowEngine: (engineName: string): string => `Slow engine: ${engineName}`,
};

/** The text of `project-notice.vue`. */
export const projectNoticeText = {
  openProject: 'Open a project',
};

/** The text of `shortcut-panel.vue`. */
export const shortcutPanelText = {
  keyboardShortcuts: 'Keyboard shortcuts',
  closeKeyboardShortcuts: 'Close keyboard shortcuts',
  listOfShortcuts: 'List of shortcuts',
};

/** The text of `side-rail.vue`. */
export const sideRailText = {
  lenslet: 'Lenslet',
  steps: 'Steps',
  settingsOfLenslet: 'Settings of Lenslet',
  settingsTitle: 'Settings of Lenslet (Ctrl or ⌘ and comma)',
  keyboardShortcuts: 'Keyboard shortcuts',
  shortcutsTitle: 'Keyboard shortcuts (?)',
  lightAppearance: 'Light appearance',
  darkAppearance: 'Dark appearance',
};

/** The text of `status-bar.vue`. */
export const statusBarText = {
  status: 'Status',
  openOrCreateProject: 'Open or create a project',
  noProjectOpen: 'No project open',
  notConnected: 'Not connected',
  connecting: 'Connecting…',
  idle: 'Idle',
};

/** The text of `app.vue`. */
export const appText = {
  skipToScreen: 'Skip to the screen',
  openOrCreateProjectFirst: 'Open or create a project first',
  trained: (runFraction: number): string => `${percent(runFraction, 0)} trained`,
  lenslet: 'Lenslet',
  anywhere: 'Anywhere',
  goTo: (label: string): string => `Go to ${label}`,
  showOrHideThisList: 'Show or hide this list',
  lightOrDark: 'Light or dark',
  settings: 'Settings',
};
