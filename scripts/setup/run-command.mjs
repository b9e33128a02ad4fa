// @ts-check
/** Runs the programs that set-up needs, with limits, so that no step can hang for ever or outlive us. */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

/**
 * @typedef {object} CommandResult
 * @property {number} code exit code; 128 + signal number when killed, 127 when it could not be started
 * @property {string} output the last 64 kB of stdout and stderr together
 * @property {'limit' | 'stall' | null} stopped why we ended it, if we did
 */

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] the whole environment; ours when left out
 * @property {number} [limitSeconds] ended after this long
 * @property {{ folder: string, seconds: number }} [stall] ended when `folder` stops growing for this long
 * @property {(bytes: number) => void} [onBytes] told once a second how much `stall.folder` holds
 */

const KEPT_OUTPUT = 65_536;
/** What we end may take this long to end by itself. */
const GRACE = 3_000;
const posix = process.platform !== 'win32';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
function end(child, signal) {
  if (child.pid === undefined) return;
  try {
    // Each command leads a process group of its own, so that what it started ends with it.
    if (posix) process.kill(-child.pid, signal);
    else spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
  } catch {
    // It has just ended by itself.
  }
}

/** @type {NodeJS.Signals[]} */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** @param {NodeJS.Signals} signal */
function endAll(signal) {
  for (const child of running) end(child, 'SIGTERM');
  process.exit(128 + constants.signals[signal]);
}

/** @param {import('node:child_process').ChildProcess} child */
function track(child) {
  if (running.size === 0) for (const signal of endingSignals) process.on(signal, endAll);
  running.add(child);
}

/** @param {import('node:child_process').ChildProcess} child */
function forget(child) {
  running.delete(child);
  if (running.size === 0) for (const signal of endingSignals) process.off(signal, endAll);
}

/**
 * The bytes in a folder, with all below it; what vanishes meanwhile does not count.
 * @param {string} folder
 * @returns {number}
 */
export function folderBytes(folder) {
  let bytes = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) bytes += folderBytes(path);
      else if (entry.isFile()) bytes += statSync(path).size;
    }
  } catch {
    // Being written or removed right now.
  }
  return bytes;
}

/** @param {import('node:child_process').ChildProcess} child @param {CommandOptions} options */
function watch(child, options) {
  const started = performance.now();
  let grewAt = started;
  let bytes = -1;
  let stoppedAt = 0;
  /** @type {'limit' | 'stall' | null} */
  let stopped = null;
  const timer = setInterval(() => {
    const now = performance.now();
    if (options.stall !== undefined) {
      const present = folderBytes(options.stall.folder);
      if (present !== bytes) grewAt = now;
      bytes = present;
      options.onBytes?.(bytes);
      if (now - grewAt > options.stall.seconds * 1000) stopped ??= 'stall';
    }
    if (options.limitSeconds !== undefined && now - started > options.limitSeconds * 1000)
      stopped ??= 'limit';
    if (stopped === null) return;
    if (stoppedAt === 0) stoppedAt = now;
    end(child, now - stoppedAt > GRACE ? 'SIGKILL' : 'SIGTERM');
  }, 500);
  return { stopped: () => stopped, clear: () => clearInterval(timer) };
}

/**
 * Runs a program to its end. Never throws: a program that is not there has code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<CommandResult>}
 */
export function runCommand(command, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: posix,
      windowsHide: true,
    });
    track(child);
    const watcher = watch(child, options);
    let output = '';
    /** @param {Buffer} chunk */
    const keep = (chunk) => void (output = (output + chunk.toString()).slice(-KEPT_OUTPUT));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    /** @param {number} code */
    const finish = (code) => {
      watcher.clear();
      forget(child);
      done({ code, output, stopped: watcher.stopped() });
    };
    child.once('error', (error) => {
      output += error.message;
      finish(127);
    });
    child.once('close', (code, signal) => finish(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}

/**
 * The last lines of a program's output that say something, for a failure's reason.
 * @param {string} output
 * @param {number} count
 */
export function lastLines(output, count = 1) {
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.slice(-count).join(' / ');
}
