/** The installed program's executable also answers `lenslet train …`: it runs the command line as plain Node. */
import { spawnSync } from 'node:child_process';

/** The commands and flags that mean the command line, not the window. */
const commands = new Set([
  ...['serve', 'doctor', 'import', 'summary', 'train', 'evaluate', 'predict', 'help'],
  ...['--help', '--version', '--no-open'],
]);

/** True when these words are for the command line. */
export function isCommandLine(words: readonly string[]): boolean {
  return words.some((word, i) => (i === 0 || word === '--no-open') && commands.has(word));
}

/**
 * Runs the bundled command line in this executable's Node, without window and without a display.
 * @returns its exit code
 */
export function runAsNode(executable: string, script: string, words: readonly string[]): number {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return spawnSync(executable, [script, ...words], { stdio: 'inherit', env }).status ?? 70;
}
