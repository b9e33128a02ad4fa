/** The engine process: a child of the process that runs the core, under the same Node. */
import { fork } from 'node:child_process';
import { engineEnvironment } from '../../backends/engine-environment.ts';
import type { EngineChild } from '../../services/base/engine-child.ts';
import { childPort, keepTail } from './child-port.ts';
import { engineLink } from './engine-link.ts';
import { engineProcessFile } from './places.ts';

/**
 * Starts an engine process. Structured-clone messages (`serialization: 'advanced'`) carry byte arrays as they are.
 * What it writes to stdout is dropped, so that nothing but ours is on the command line's stdout; `LENSLET_DEBUG`
 * shows its stderr.
 */
export function forkEngine(environment: Readonly<Record<string, string>> = {}): EngineChild {
  const child = fork(engineProcessFile, [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...engineEnvironment(), ...environment },
  });
  const stderr = keepTail(child.stderr, Boolean(process.env.LENSLET_DEBUG));
  return {
    pid: child.pid ?? null,
    link: engineLink(childPort(child)),
    onExit(listener) {
      let reported = false;
      const report = (code: number | null, signal: string | null, text: string): void => {
        if (reported) return;
        reported = true;
        listener({ code, signal, stderr: text });
      };
      // Not `once`: an error without a listener would end this process.
      child.on('error', (error) => report(null, null, error.message));
      child.once('close', (code, signal) => report(code, signal, stderr()));
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
