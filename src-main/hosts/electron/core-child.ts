/** Starts a core process: plain Node, with a channel for what the shell and the core ask of each other. */
import { spawn } from 'node:child_process';
import { finished } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import type { CoreCrash, CoreProcessContract } from '../../contract/desktop/desktop.ts';
import { childPort, keepTail } from '../node/child-port.ts';
import { conversation } from '../node/conversation.ts';
import { engineLink } from '../node/engine-link.ts';

/** The requests of the core process, typed. */
export type CoreRequests = ContractRouterClient<CoreProcessContract>;

/** A core process. */
export interface CoreChild {
  readonly pid: number | null;
  readonly ask: CoreRequests;
  /** How it ended; also when it could not be started. Never rejects. */
  readonly ended: Promise<CoreCrash>;
  /** Lets go of it: it comes to a clean stop by itself. */
  release(): void;
  /** Ends it at once. */
  kill(): void;
}

/** Milliseconds for what it wrote last to arrive; a process that it started may hold its stderr longer. */
const lastWordsMilliseconds = 500;

/** Settings of Electron, and of a Node that is not the one started here. */
const foreign = /^(ELECTRON_|NODE_OPTIONS$|NODE_PATH$|NODE_CHANNEL_)/;

/** The environment without what is meant for Electron's own processes. */
export function coreEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.test(name)));
}

/**
 * Starts one.
 * @param node plain Node's executable
 * @param file the program of the core process
 * @param shell answers what the core asks of the shell
 */
export function spawnCore(node: string, file: string, shell: AnyRouter): CoreChild {
  const child = spawn(node, [file], {
    env: coreEnvironment(process.env),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    windowsHide: true,
  });
  const stderr = keepTail(child.stderr, true);
  const channel = childPort(child);
  const handler = new RPCHandler(shell);
  handler.upgrade(conversation(channel, 'shell') as Parameters<typeof handler.upgrade>[0]);
  const written = finished(child.stderr!).catch(() => undefined);
  const ended = new Promise<CoreCrash>((resolve) => {
    // Not `once`: an error without a listener would end this process.
    child.on('error', (error) => resolve({ code: null, signal: null, stderr: error.message }));
    // Not `close`, which does not come after a disconnection.
    child.once('exit', (code, signal) => {
      const late = wait(lastWordsMilliseconds, undefined, { ref: false });
      void Promise.race([written, late]).then(() => resolve({ code, signal, stderr: stderr() }));
    });
  });
  return {
    pid: child.pid ?? null,
    ask: createORPCClient(engineLink(conversation(channel, 'core'))),
    ended,
    release: () => {
      if (child.connected) child.disconnect();
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
