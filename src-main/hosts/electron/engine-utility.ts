/** The engine process under Electron: a utility process. */
import type { utilityProcess as UtilityProcess } from 'electron';
import { engineEnvironment } from '../../backends/engine-environment.ts';
import type { SpawnEngine } from '../../services/base/engine-child.ts';
import { keepTail } from '../node/engine-fork.ts';
import { engineLink } from '../node/engine-link.ts';

/**
 * A way to start engine processes.
 * @param fork `utilityProcess.fork`; usable once the app is ready
 * @param file the bundled engine process
 */
export function createUtilityEngine(fork: (typeof UtilityProcess)['fork'], file: string): SpawnEngine {
  return (environment = {}) => {
    const child = fork(file, [], {
      serviceName: 'Lenslet engine',
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...engineEnvironment(), ...environment },
    });
    const stderr = keepTail(child.stderr);
    return {
      pid: child.pid ?? null,
      link: engineLink({
        on(event, listener) {
          if (event === 'message') child.on('message', (data: unknown) => listener({ data }));
          else child.once('exit', () => listener());
        },
        postMessage: (data) => child.postMessage(data),
      }),
      onExit: (listener) =>
        void child.once('exit', (code) => listener({ code, signal: null, stderr: stderr() })),
      kill: () => void child.kill(),
    };
  };
}
