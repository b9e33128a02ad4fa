// @ts-check
import { StepFailure } from './step-failure.mjs';

/**
 * @typedef {object} Reporter
 * @property {<T>(text: string, action: (progress: (detail: string) => void) => Promise<T>) => Promise<T>} step
 *   one line: what is done, then how long it took, or why it failed (and throws on)
 * @property {(text: string) => void} note one line of its own
 */

/** @param {number} milliseconds */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/**
 * Names and servers' answers are shown, and never obeyed by the terminal. As `printableLine` in src-main/core, which
 * cannot be loaded before set-up has brought a Node that reads TypeScript.
 * @param {string} text
 */
export function printable(text) {
  return text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/**
 * Writes set-up's lines. On a terminal a running step shows its progress in place.
 * @param {NodeJS.WritableStream & { isTTY?: boolean }} stream
 * @returns {Reporter}
 */
export function createReporter(stream = process.stdout) {
  const interactive = stream.isTTY === true;
  return {
    async step(text, action) {
      const started = performance.now();
      stream.write(`${printable(text)} … `);
      const clear = () => interactive && stream.write(`\r\x1b[K${printable(text)} … `);
      try {
        const result = await action((detail) => {
          if (clear()) stream.write(printable(detail));
        });
        clear();
        stream.write(`${seconds(performance.now() - started)}\n`);
        return result;
      } catch (error) {
        const failure = StepFailure.from(error, 'Try again.');
        clear();
        stream.write(
          `not done after ${seconds(performance.now() - started)}: ${printable(failure.reason)}.\n`,
        );
        stream.write(`  → ${printable(failure.remedy)}\n`);
        failure.told = true;
        throw failure;
      }
    },
    note: (text) => void stream.write(`${text.split('\n').map(printable).join('\n')}\n`),
  };
}
