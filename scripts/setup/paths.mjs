// @ts-check
/** Where set-up reads and writes. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/**
 * The user's cache folder of Lenslet: `LENSLET_CACHE`, else the platform's own place. Deletable at any time.
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @param {string} home
 * @returns {string} an absolute path, not created here
 */
export function cacheFolder(env = process.env, platform = process.platform, home = homedir()) {
  if (env.LENSLET_CACHE) return resolve(env.LENSLET_CACHE);
  // The XDG specification has relative paths ignored.
  if (env.XDG_CACHE_HOME?.startsWith('/')) return join(env.XDG_CACHE_HOME, 'lenslet');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'lenslet');
  if (platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'lenslet', 'Cache');
  return join(home, '.cache', 'lenslet');
}

/**
 * Where one checkout keeps what set-up knows about it; goes with `node_modules`.
 * @param {string} checkout
 */
export function stateFolder(checkout = root) {
  return join(checkout, 'node_modules', '.lenslet');
}
