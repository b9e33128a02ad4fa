// @ts-check
/**
 * A lock between processes: a folder, since making one is atomic everywhere. It keeps two set-ups from doing the
 * same work twice; that nothing is ever half-written is up to the work itself (make it aside, then rename).
 */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The holder touches its lock this often … */
const HEARTBEAT = 2_000;
/** … and is taken for gone after this long without; on this machine also when its process is gone. */
const STALE_AFTER = 60_000;
/** Between making the folder and writing the owner's name into it lie microseconds. */
const NAMELESS_AFTER = 5_000;

/**
 * Whether a process of this machine is running.
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {string} folder @returns {{ pid: number, host: string } | null} */
function ownerOf(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Whether the holder of a lock is gone.
 * @param {string} folder
 * @returns {boolean} false also when the lock itself has gone
 */
export function isStale(folder) {
  let age;
  try {
    age = Date.now() - statSync(folder).mtimeMs;
  } catch {
    return false;
  }
  const owner = ownerOf(folder);
  if (owner === null) return age > NAMELESS_AFTER;
  return age > STALE_AFTER || (owner.host === hostname() && !isAlive(owner.pid));
}

/** @param {string} folder @returns {boolean} whether it is ours now */
function tryTake(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(folder, 'owner.json'), JSON.stringify({ pid: process.pid, host: hostname() }));
  return true;
}

/**
 * Removes a stale lock. Only one process at a time may judge, else a second could remove the first one's new lock.
 * @param {string} folder
 */
function clearStale(folder) {
  const judge = `${folder}.judge`;
  if (!tryTake(judge)) {
    if (isStale(judge)) rmSync(judge, { recursive: true, force: true });
    return;
  }
  try {
    if (!isStale(folder)) return;
    const gone = `${folder}.stale-${process.pid}`;
    renameSync(folder, gone);
    rmSync(gone, { recursive: true, force: true });
  } finally {
    rmSync(judge, { recursive: true, force: true });
  }
}

/**
 * Does something while holding a lock; waits for another holder to finish or to be gone.
 * @template T
 * @param {string} folder the lock's path; its parent is made
 * @param {() => Promise<T>} action
 * @param {(pid: number) => void} [onWait] told once, when another process holds it
 * @returns {Promise<T>}
 */
export async function withLock(folder, action, onWait) {
  mkdirSync(dirname(folder), { recursive: true });
  let told = false;
  while (!tryTake(folder)) {
    if (isStale(folder)) clearStale(folder);
    else {
      if (!told) onWait?.(ownerOf(folder)?.pid ?? 0);
      told = true;
      await sleep(200);
    }
  }
  const heartbeat = setInterval(() => {
    try {
      const now = new Date();
      utimesSync(folder, now, now);
    } catch {
      // Someone cleared the cache; what is being made is still made aside and renamed.
    }
  }, HEARTBEAT);
  heartbeat.unref();
  try {
    return await action();
  } finally {
    clearInterval(heartbeat);
    if (ownerOf(folder)?.pid === process.pid) rmSync(folder, { recursive: true, force: true });
  }
}
