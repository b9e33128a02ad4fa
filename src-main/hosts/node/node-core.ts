/** The core under plain Node: what the web host and the command line share. */
import { createCore, type Core } from '../../services/core.ts';
import { logLine } from './log.ts';
import { forkEngine } from './engine-fork.ts';
import { programVersion, sharedBackboneFolders, userFolders } from './places.ts';

/** Makes the core with a forked engine process. Diagnostics go to stderr when `LENSLET_DEBUG` is set. */
export function createNodeCore(host: 'web' | 'cli'): Core {
  return createCore({
    host,
    version: programVersion(),
    ...userFolders(),
    backboneFolders: sharedBackboneFolders(),
    spawnEngine: forkEngine,
    abilities: { pictureServers: pictureServers(process.env.LENSLET_PICTURE_SERVERS) },
    log: (message, detail) => {
      if (process.env.LENSLET_DEBUG) logLine(`lenslet: ${message}`, detail);
    },
  });
}

/** IP addresses, with commas between. */
function pictureServers(list = ''): string[] {
  return list.split(',').flatMap((address) => address.trim() || []);
}
