/** Where a command's answer goes: stdout for the answer, stderr for everything else. */
import type { AppError } from '../../contract/shared/errors.ts';
import { printableJson, printableLine, printableText } from '../../core/text/printable-text.ts';
import { barText } from './text.ts';

export interface Output {
  /** True with `--json`. */
  readonly json: boolean;
  /** One line of the answer: the object with `--json`, else the text (nothing when it is null). */
  answer(object: object, text: string | null): void;
  /** A remark, on stderr. */
  say(text: string): void;
  /** Redraws the progress bar; null takes it away. Only on a terminal. */
  progress(fraction: number | null, label?: string): void;
  /** A failure: `CODE: sentence. Remedy.` on stderr, and as an object with `--json`. */
  fail(error: AppError): void;
}

/** The few things of a stream that output uses. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * An output on the given streams, the process's own unless a test gives others. Names come from anywhere: what a
 * terminal would obey in them is written out.
 */
export function createOutput(
  json: boolean,
  stdout: Sink = process.stdout,
  stderr: Sink = process.stderr,
): Output {
  let drawn = false;
  const clear = (): void => {
    if (drawn) stderr.write('\r\x1b[K');
    drawn = false;
  };
  return {
    json,
    answer(object, text) {
      clear();
      if (json) stdout.write(`${printableJson(object)}\n`);
      else if (text !== null) stdout.write(`${printableText(text)}\n`);
    },
    say(text) {
      clear();
      stderr.write(`${printableText(text)}\n`);
    },
    progress(fraction, label = '') {
      if (!stderr.isTTY) return;
      clear();
      if (fraction === null) return;
      stderr.write(barText(fraction, printableLine(label), stderr.columns ?? 80));
      drawn = true;
    },
    fail(error) {
      clear();
      stderr.write(`${printableLine(`${error.code}: ${error.message} ${error.remedy}`)}\n`);
      const { code, message, remedy } = error.toData();
      if (json) stdout.write(`${printableJson({ error: { code, message, remedy } })}\n`);
    },
  };
}
