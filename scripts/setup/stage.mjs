// @ts-check
/** Folders that something is made in, and what killed set-ups leave of them. */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './lock.mjs';

const DAY = 24 * 60 * 60 * 1000;

/**
 * The name of a folder that something is made in; says whose it is, so that it can be told when that one is gone.
 * @param {string} id
 */
export function stageName(id) {
  return `.making-${id}@${hostname()}@${process.pid}`;
}

/**
 * Removes what killed set-ups left behind: on this machine when their process is gone, others' after a day.
 * @param {string} parent
 */
export function clearLeftovers(parent) {
  for (const name of existsSync(parent) ? readdirSync(parent) : []) {
    if (!name.startsWith('.making-')) continue;
    const [, host, pid] = name.split('@');
    const path = join(parent, name);
    const gone = host === hostname() ? !isAlive(Number(pid)) : Date.now() - statSync(path).mtimeMs > DAY;
    if (gone) rmSync(path, { recursive: true, force: true });
  }
}
