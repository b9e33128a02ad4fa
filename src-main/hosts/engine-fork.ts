/** The engine process under Node: a forked child, for the web host and the command line. */
import { fork, type ChildProcess } from 'node:child_process';
import { engineEnvironment } from '../backends/engine-environment.ts';
import type { EngineChild } from '../services/engine-child.ts';
import { type MessagePortLike, engineLink } from './engine-link.ts';
import { engineProcessFile } from './places.ts';

/** Enough of stderr to hold TensorFlow's last words and a native stack. */
const KEPT_STDERR = 16_384;

/** The last part of what a stream wrote. @param echo also writes it to our own stderr */
export function keepTail(stream: NodeJS.ReadableStream | null, echo = false): () => string {
  let tail = '';
  stream?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-KEPT_STDERR);
    if (echo) process.stderr.write(chunk);
  });
  return () => tail;
}

function portOf(child: ChildProcess): MessagePortLike {
  return {
    on(event, listener) {
      if (event === 'message') child.on('message', (data) => listener({ data }));
      else child.once('disconnect', () => listener());
    },
    postMessage(data) {
      // A message to a process that is just ending is lost; its exit is reported on its own.
      if (child.connected) child.send(data as object, () => undefined);
    },
  };
}

/**
 * Starts an engine process. Structured-clone messages (`serialization: 'advanced'`) carry byte arrays as they are.
 * What it writes to stdout is dropped, so that nothing but ours is on the command line's stdout; `LENSLET_DEBUG`
 * shows its stderr.
 */
export function forkEngine(): EngineChild {
  const child = fork(engineProcessFile, [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...engineEnvironment() },
  });
  const stderr = keepTail(child.stderr, Boolean(process.env.LENSLET_DEBUG));
  return {
    pid: child.pid ?? null,
    link: engineLink(portOf(child)),
    onExit(listener) {
      let told = false;
      const tell = (code: number | null, signal: string | null, text: string): void => {
        if (told) return;
        told = true;
        listener({ code, signal, stderr: text });
      };
      child.once('error', (error) => tell(null, null, error.message));
      child.once('close', (code, signal) => tell(code, signal, stderr()));
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
