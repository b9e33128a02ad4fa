/** What the shell may ask of the core process, and what the core tells the shell by itself. */
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { CoreProcessContract, ShellContract } from '../../contract/desktop/desktop.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { ServiceOf } from '../../services/base/bind-service.ts';
import type { Core } from '../../services/core.ts';
import { type MessagePortLike, engineLink } from '../node/engine-link.ts';
import { logLine } from '../node/log.ts';
import { createNodeCore } from '../node/node-core.ts';
import { type LocalServer, listenLocally } from './local-server.ts';

type Shell = ContractRouterClient<ShellContract>;

/** Tells the shell what it has to know of the core. Its process may just have gone: then nobody needs to know. */
function report(core: Core, shell: Shell): void {
  const tell = (told: Promise<void>): void => void told.catch(() => undefined);
  let wasWorking = false;
  core.context.events.on((event) => {
    if (event.type === 'project')
      tell(shell.projectChanged({ folder: core.projects.peek()?.folder ?? null }));
    const isWorking = core.training.activeRun() !== null || core.imports.state()?.status === 'running';
    if (isWorking === wasWorking) return;
    wasWorking = isWorking;
    tell(shell.workChanged({ isWorking }));
  });
}

/**
 * Makes the handlers of `coreProcessContract`.
 * @param port to the shell, for what the core asks of it
 */
export function createCoreProcess(
  port: MessagePortLike,
): ServiceOf<CoreProcessContract> & { close(): Promise<void> } {
  const shell: Shell = createORPCClient(engineLink(port));
  let running: { core: Core; server: LocalServer } | null = null;
  let closing: Promise<void> | null = null;

  async function close(): Promise<void> {
    if (running === null) return;
    const { core, server } = running;
    server.drain();
    try {
      await core.close();
    } finally {
      await server.close();
    }
  }

  return {
    async start({ documents, electron, reopen, crash }) {
      const core = createNodeCore('electron', {
        documents,
        electron,
        crash,
        abilities: {
          pickFolder: async (title) => (await shell.pickFolder({ title })).path,
          showInFolder: (path) => shell.showInFolder({ path }),
        },
      });
      report(core, shell);
      const server = await listenLocally(core);
      running = { core, server };
      // The page shows the start screen then, where the reason can be seen by opening it there.
      if (reopen !== null)
        await core.projects.openFolder(reopen).catch((thrown: unknown) => logLine('lenslet:', thrown));
      return { address: server.address, key: server.key };
    },
    addPicks({ paths }) {
      if (running === null) throw new AppError('INTERNAL_BUG', { detail: 'the core has not been started' });
      const { pickedPaths } = running.core.context;
      return { picks: paths.map((path) => pickedPaths.add(path)) };
    },
    close: () => (closing ??= close()),
  };
}
