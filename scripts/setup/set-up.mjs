// @ts-check
/** All steps from a fresh clone to a program that runs, in order; each does nothing when there is nothing to do. */
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBackbone } from './backbone.mjs';
import { ensureNodeBundle, ensureRendererBundle } from './bundles.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { ensureElectron } from './electron-binary.mjs';
import { withLock } from './lock.mjs';
import { ensureNode } from './node-runtime.mjs';
import { cacheFolder, root } from './paths.mjs';
import { ensureTensorflow } from './tensorflow/provision.mjs';

/**
 * @typedef {object} SetUpOptions
 * @property {import('./reporter.mjs').Reporter} reporter
 * @property {{ electron?: boolean, renderer?: boolean, chromium?: boolean }} wants beyond what everything needs
 * @property {{ gpu?: boolean, cpu?: boolean }} [asked]
 * @property {boolean} [retry] try again what failed lately
 */

/**
 * @typedef {object} Ready
 * @property {string} node the Node to run Lenslet with
 * @property {string | null} electron Electron's binary, where asked for and to be had
 * @property {string | null} chromium likewise
 * @property {string | null} runtime the TensorFlow runtime's folder
 * @property {string | null} backbones the folder with the default pretrained network; null where it cannot be had
 * @property {readonly { engine: string, reason: string, remedy: string }[]} engineFailures
 */

/**
 * Where two set-ups of one checkout take turns: in the cache, else in the checkout. Never in the temporary folder that
 * all users share: a lock there could be anyone's.
 * @param {string} cache
 * @returns {string | null} null where neither can be written, so that there is nothing to set up either
 */
function checkoutLock(cache) {
  const name = `checkout-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`;
  for (const folder of [join(cache, 'locks'), join(root, 'build', 'locks')]) {
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
      return join(folder, name);
    } catch {
      // The next place.
    }
  }
  return null;
}

/**
 * Sets everything up.
 * @param {SetUpOptions} options
 * @returns {Promise<Ready>}
 * @throws {import('./step-failure.mjs').StepFailure} when a step without which nothing runs cannot be done
 */
export async function setUp({ reporter, wants, asked = {}, retry = false }) {
  const cache = cacheFolder();
  const waiting = () => reporter.note('Waiting for another set-up of this checkout …');
  const work = async () => {
    await ensureDependencies({ checkout: root, reporter });
    const node = await ensureNode({ checkout: root, reporter });
    const context = { checkout: root, cache, node, retry, reporter };
    const { runtime, failures } = await ensureTensorflow({ ...context, asked });
    const backbones = await ensureBackbone(context);
    if (wants.renderer) await ensureRendererBundle(context);
    const electron = wants.electron ? await ensureElectron(context) : null;
    if (electron !== null) await ensureNodeBundle(context);
    const chromium = wants.chromium ? await ensureChromium(context) : null;
    return { node, electron, chromium, runtime, backbones, engineFailures: failures };
  };
  const lock = checkoutLock(cache);
  return lock === null ? work() : withLock(lock, work, waiting);
}

/**
 * Says which engines are missing, why, and how to mend it.
 * @param {Ready} ready
 * @param {import('./reporter.mjs').Reporter} reporter
 */
export function reportEngines({ runtime, engineFailures }, reporter) {
  for (const { engine, reason, remedy } of engineFailures) {
    const name = engine === 'tensorflow-gpu' ? 'TensorFlow on the GPU' : 'TensorFlow';
    reporter.note(`${name} is not available: ${reason}.\n  → ${remedy}`);
  }
  if (runtime === null) reporter.note('Lenslet works without it, on a much slower engine.');
}
