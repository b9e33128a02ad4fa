// @ts-check
/** Which TensorFlow runtimes are to be tried on this machine, best first. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tensorflowVersion, wheelsFor } from './wheels.mjs';

/** @typedef {'cpu' | 'gpu'} RuntimeKind */

/**
 * @typedef {object} RuntimeOption
 * @property {string} id the folder's name: version, kind, platform, version of the addon's package
 * @property {RuntimeKind} kind
 * @property {'wheel' | 'official'} source
 */

/** What tfjs-node's own install script downloads (`scripts/deps-constants.js`). */
export const officialVersion = '2.9.1';

/**
 * Whether an NVIDIA GPU with its driver is here. Linux shows it as a device; elsewhere nvidia-smi is asked.
 * @param {NodeJS.Platform} platform
 * @param {(path: string) => boolean} exists
 */
export function hasNvidia(platform = process.platform, exists = existsSync) {
  if (platform === 'linux') {
    const wsl = exists('/dev/dxg') && exists('/usr/lib/wsl/lib/libcuda.so.1');
    return exists('/proc/driver/nvidia/version') || exists('/dev/nvidia0') || wsl;
  }
  if (platform !== 'win32') return false;
  const result = spawnSync('nvidia-smi', ['-L'], { encoding: 'utf8', timeout: 10_000, windowsHide: true });
  return result.status === 0 && /^GPU \d/m.test(result.stdout);
}

/**
 * The kinds to try: what was asked for, else the GPU's when there is one; the CPU's always follows.
 * @param {{ gpu?: boolean, cpu?: boolean }} asked from the command line
 * @param {() => boolean} detect
 * @returns {RuntimeKind[]}
 */
export function wantedKinds(asked, detect = hasNvidia) {
  if (asked.cpu) return ['cpu'];
  return asked.gpu || detect() ? ['gpu', 'cpu'] : ['cpu'];
}

/**
 * All runtimes worth trying, best first. A wheel is newer than the official download (and knows today's GPUs); the
 * official download needs no compiler and is all there is for Windows and macOS.
 * @param {readonly RuntimeKind[]} kinds
 * @param {string} platform such as `linux-x64`
 * @param {string} addonVersion of `@tensorflow/tfjs-node`
 * @returns {RuntimeOption[]}
 */
export function runtimeOptions(kinds, platform, addonVersion) {
  /** @type {RuntimeOption[]} */
  const options = [];
  for (const kind of kinds) {
    const tail = `${kind}-${platform}-${addonVersion}`;
    if (wheelsFor(kind, platform) !== null)
      options.push({ id: `${tensorflowVersion}-${tail}`, kind, source: 'wheel' });
    // The official GPU build wants CUDA 11.2 installed system-wide: worth a try only where there is no wheel.
    const official = kind === 'cpu' || platform === 'win32-x64';
    if (official) options.push({ id: `${officialVersion}-${tail}`, kind, source: 'official' });
  }
  return options;
}
