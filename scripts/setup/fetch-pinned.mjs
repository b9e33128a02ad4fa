// @ts-check
/**
 * Run by `pinned-file.mjs` with the Node that Lenslet runs on, which knows the proxy variables: downloads one file and
 * puts it in its place when its SHA-256 is the expected one. What has arrived is kept in `TARGET.partial`, and the
 * next run continues it. The last line printed is the outcome as JSON.
 */
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, existsSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {{ url: string, sha256: string, target: string, maxBytes: number }} Order */
/**
 * @typedef {{ outcome: 'done' } | { outcome: 'different', received: string } | { outcome: 'too-large' }
 *   | { outcome: 'status', status: number } | { outcome: 'failed', code: string }} Outcome
 */

/** A connection that breaks this often in a row without a byte having arrived is given up. */
const ATTEMPTS = 3;

/** @type {Order} */
const { url, sha256, target, maxBytes } = JSON.parse(process.argv[2]);
const partial = `${target}.partial`;
let received = 0;

/** @param {string} file @returns {Promise<import('node:crypto').Hash>} of what is there; counts it in `received` */
async function hashSoFar(file) {
  const hash = createHash('sha256');
  received = 0;
  if (!existsSync(file)) return hash;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(chunk);
    received += chunk.length;
  }
  return hash;
}

/** @param {Response} response @returns {number} the first byte that a partial answer holds */
function startOf(response) {
  return Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? -1);
}

/** @returns {Promise<Outcome>} */
async function startOver() {
  rmSync(partial, { force: true });
  return receive();
}

/** @param {string} digest @param {boolean} resumed @returns {Promise<Outcome>} */
async function conclude(digest, resumed) {
  if (digest === sha256) {
    renameSync(partial, target);
    return { outcome: 'done' };
  }
  // The first part may have come from another place, or the computer may have stopped before it was on the disk.
  if (resumed) return startOver();
  rmSync(partial, { force: true });
  return { outcome: 'different', received: digest };
}

/** @returns {Promise<Outcome>} */
async function receive() {
  let hash = await hashSoFar(partial);
  const before = received;
  if (before > 0 && hash.copy().digest('hex') === sha256) return conclude(sha256, true);
  // Without "identity" a server's compression would be undone on the way, and the hash be that of another file.
  const headers = { 'accept-encoding': 'identity', ...(before > 0 ? { range: `bytes=${before}-` } : {}) };
  const response = await fetch(url, { headers });
  const resumed = before > 0 && response.status === 206;
  if (response.status === 416 || (resumed && startOf(response) !== before)) {
    await response.body?.cancel();
    return before > 0 ? startOver() : { outcome: 'status', status: response.status };
  }
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    return { outcome: 'status', status: response.status };
  }
  if (!resumed) {
    hash = createHash('sha256');
    received = 0;
  }
  const file = openSync(partial, resumed ? 'a' : 'w');
  try {
    for await (const chunk of response.body) {
      received += chunk.length;
      if (received > maxBytes) {
        rmSync(partial, { force: true });
        return { outcome: 'too-large' };
      }
      hash.update(chunk);
      for (let done = 0; done < chunk.length;) done += writeSync(file, chunk, done);
    }
  } finally {
    closeSync(file);
  }
  return conclude(hash.digest('hex'), resumed);
}

/** @param {unknown} error fetch wraps what happened @returns {string} such as ECONNREFUSED */
function codeOf(error) {
  const { cause, code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  return /** @type {NodeJS.ErrnoException | undefined} */ (cause)?.code ?? code ?? message;
}

/** @returns {Promise<Outcome>} */
async function fetchFile() {
  // Left by a set-up that was killed before it used it; it is hashed as any other.
  if (existsSync(target)) renameSync(target, partial);
  for (let attempt = 1, before = 0; ; attempt += 1) {
    try {
      return await receive();
    } catch (error) {
      if (received > before) attempt = 1;
      before = received;
      const code = codeOf(error);
      if (attempt >= ATTEMPTS || code === 'ENOSPC') return { outcome: 'failed', code };
      await sleep(500);
    }
  }
}

// Whoever started us reads this. Once they have been killed, writing fails and ends us, so that no second writer is
// left for the next set-up.
setInterval(() => console.log(received), 1000).unref();
console.log(JSON.stringify(await fetchFile()));
