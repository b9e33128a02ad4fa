/** The engine process under Node: a forked child, for the web host and the command line. */
import { fork, type ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { engineEnvironment } from '../../backends/engine-environment.ts';
import { printableText } from '../../core/text/printable-text.ts';
import type { EngineChild } from '../../services/base/engine-child.ts';
import { type MessagePortLike, engineLink } from './engine-link.ts';
import { engineProcessFile } from './places.ts';

/** Enough of stderr to hold TensorFlow's last words and a native stack. */
const KEPT_STDERR = 16_384;

/** Lines that say nothing about what went wrong; they come with every start, whatever TensorFlow's log level. */
const NOISE = [
  /All log messages before absl::InitializeLog\(\) is called are written to STDERR/,
  /MLIR V1 optimization pass is not enabled/,
];

/**
 * The last part of what a stream wrote, without TensorFlow's standing remarks; everything else stays as it is.
 * @param echo also writes it to our own stderr
 */
export function keepTail(stream: NodeJS.ReadableStream | null, echo = false): () => string {
  const decoder = new StringDecoder('utf8');
  let tail = '';
  let line = '';
  const pass = (text: string): void => {
    tail = (tail + text).slice(-KEPT_STDERR);
    if (echo) process.stderr.write(printableText(text));
  };
  stream?.on('data', (chunk: Buffer) => {
    const lines = (line + decoder.write(chunk)).split(/(?<=\n)/);
    line = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
    for (const whole of lines) if (!NOISE.some((noise) => noise.test(whole))) pass(whole);
  });
  stream?.on('end', () => {
    pass(line);
    line = '';
  });
  // What a crash cut off in the middle of a line counts too.
  return () => tail + line;
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
    link: engineLink(portOf(child)),
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
