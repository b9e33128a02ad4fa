// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a program in our place: its input and output are ours, signals reach it, its exit code becomes ours.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} the exit code; 128 + signal number when a signal ended it
 */
export function runInPlace(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, [...args], { stdio: 'inherit', ...options });
    // Ctrl-C reaches the child by itself, as one of the terminal's group; we only have to outlive it.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    process.on('SIGHUP', () => child.kill('SIGHUP'));
    child.once('error', fail);
    child.once('close', (code, signal) => done(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}
