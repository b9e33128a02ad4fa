/** What the shell does for the core: dialogs, and keeping the computer awake. */
import { implement } from '@orpc/server';
import type { Dialog, PowerSaveBlocker, Shell } from 'electron';
import { shellContract } from '../../contract/desktop/desktop.ts';

export interface ShellParts {
  readonly dialog: Pick<Dialog, 'showOpenDialog'>;
  readonly powerSaveBlocker: Pick<PowerSaveBlocker, 'start' | 'stop'>;
  readonly fileManager: Pick<Shell, 'showItemInFolder'>;
  readonly projectChanged: (folder: string | null) => void;
}

/** Makes the answers to `shellContract`, and what to do when the core that asked is gone. */
export function createShell({ dialog, powerSaveBlocker, fileManager, projectChanged }: ShellParts) {
  let blocker: number | null = null;
  function stayAwake(isWorking: boolean): void {
    if (isWorking) blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  }
  const implementer = implement(shellContract);
  const router = {
    pickFolder: implementer.pickFolder.handler(async ({ input: { title } }) => {
      const answer = await dialog.showOpenDialog({ title, properties: ['openDirectory', 'createDirectory'] });
      return { path: answer.canceled ? null : answer.filePaths[0] };
    }),
    showInFolder: implementer.showInFolder.handler(({ input }) => fileManager.showItemInFolder(input.path)),
    projectChanged: implementer.projectChanged.handler(({ input }) => projectChanged(input.folder)),
    workChanged: implementer.workChanged.handler(({ input }) => stayAwake(input.isWorking)),
  };
  return { router, coreGone: () => stayAwake(false) };
}
