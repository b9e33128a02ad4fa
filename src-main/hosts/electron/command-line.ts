/** The installed program's executable also answers `lenslet train …`: it runs the command line under plain Node. */
import { spawnSync } from 'node:child_process';
import { commandNames } from '../cli/command-names.ts';

/** What means the command line, not the window. */
const words = new Set<string>([...commandNames, 'help', '--help', '--version', '--no-open']);

/** True when these words are for the command line. */
export function isCommandLine(given: readonly string[]): boolean {
  return given.some((word, i) => (i === 0 || word === '--no-open') && words.has(word));
}

/**
 * Runs the command line, without window and without a display.
 * @returns its exit code
 */
export function runCommandLine(node: string, script: string, given: readonly string[]): number {
  return spawnSync(node, [script, ...given], { stdio: 'inherit' }).status ?? 70;
}
