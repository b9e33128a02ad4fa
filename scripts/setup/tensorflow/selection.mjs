// @ts-check
/** Which TensorFlow runtimes are to be tried on this machine, best first. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { archiveFor } from './archives.mjs';
import { tensorflowVersion, wheelsFor } from './wheels.mjs';

/** @typedef {'cpu' | 'gpu'} RuntimeKind */

/**
 * @typedef {object} RuntimeOption
 * @property {string} id the folder's name: version, kind, platform, version of the addon's package; for an archive
 *   also the start of its SHA-256, as runtimes of before came from downloads without one
 * @property {RuntimeKind} kind
 * @property {'wheel' | 'archive'} source
 */

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
 * All runtimes worth trying, best first. A wheel is newer than an archive (and knows today's GPUs); an archive needs
 * no Python.
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
    const archive = archiveFor(kind, platform);
    if (archive !== null) {
      const { version, sha256 } = archive;
      options.push({ id: `${version}-${tail}-${sha256.slice(0, 8)}`, kind, source: 'archive' });
    }
  }
  return options;
}

/**
 * Why a platform has no runtime of a kind, and what helps.
 * @param {RuntimeKind} kind
 * @param {string} platform
 * @returns {{ reason: string, remedy: string }}
 */
export function unavailable(kind, platform) {
  if (kind === 'gpu') {
    return {
      reason: `there is no TensorFlow for GPUs with a known SHA-256 for ${platform}`,
      remedy: 'It is there for Linux on 64-bit Intel and AMD processors, also under WSL on Windows.',
    };
  }
  const slower = 'Lenslet goes on with a slower engine.';
  if (platform.startsWith('win32')) {
    return {
      reason: 'no built TensorFlow addon for Windows has a known SHA-256, and it cannot be built there yet',
      remedy: `${slower} Under WSL (Linux on Windows) it has TensorFlow.`,
    };
  }
  return { reason: `there is no TensorFlow with a known SHA-256 for ${platform}`, remedy: slower };
}
