/** What a host has of a child process: a port to it, and its last words. */
import type { ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { printableText } from '../../core/text/printable-text.ts';
import type { MessagePortLike } from './engine-link.ts';

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

/** A port to a child process that was started with an IPC channel. */
export function childPort(child: ChildProcess): MessagePortLike {
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
