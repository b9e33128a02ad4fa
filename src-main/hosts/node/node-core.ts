/** The core under plain Node, which every host has. */
import type { AppInfo } from '../../contract/app/app.ts';
import type { HostAbilities } from '../../services/base/context.ts';
import { createCore, type Core } from '../../services/core.ts';
import { logLine } from './log.ts';
import { followSocket } from './follow-socket.ts';
import { forkEngine } from './engine-fork.ts';
import { clusterFolder, programVersion, sharedBackboneFolders, userFolders } from './places.ts';

/** What differs from host to host. */
interface NodeCoreOptions {
  /** The system's folder of documents, where the host knows it. */
  readonly documents?: string;
  /** Electron's version, where there is one. */
  readonly electron?: string;
  /** How the core process before this one ended, when it crashed. */
  readonly crash?: AppInfo['crash'];
  readonly abilities?: HostAbilities;
  /** For the environment of engine processes; counts more than what the user's settings say. */
  readonly engineEnvironment?: Readonly<Record<string, string>>;
}

/** Makes the core with a forked engine process. Diagnostics go to stderr when `LENSLET_DEBUG` is set. */
export function createNodeCore(host: AppInfo['host'], options: NodeCoreOptions = {}): Core {
  return createCore({
    host,
    version: programVersion(),
    electron: options.electron ?? null,
    crash: options.crash ?? null,
    ...userFolders(options.documents),
    backboneFolders: sharedBackboneFolders(),
    clusters: { folder: clusterFolder, followSocket },
    spawnEngine: (environment) => forkEngine({ ...environment, ...options.engineEnvironment }),
    abilities: { pictureServers: pictureServers(process.env.LENSLET_PICTURE_SERVERS), ...options.abilities },
    log: (message, detail) => {
      if (process.env.LENSLET_DEBUG) logLine(`lenslet: ${message}`, detail);
    },
  });
}

/** IP addresses, with commas between. */
function pictureServers(list = ''): string[] {
  return list.split(',').flatMap((address) => address.trim() || []);
}
