// @ts-check
/** Brings the TensorFlow runtime to this machine: into the user's cache, once for all checkouts. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { withLock } from '../lock.mjs';
import { stateFolder } from '../paths.mjs';
import { forgetFailure, recallFailure, rememberFailure } from '../remembered-failure.mjs';
import { clearLeftovers, stageName } from '../stage.mjs';
import { StepFailure } from '../step-failure.mjs';
import { compileAddon, findCompiler, requireCompiler, tryAddon } from './addon.mjs';
import { archiveFor } from './archives.mjs';
import { linkRuntime, writeNotes } from './link.mjs';
import { downloadLibrary, unpackLibrary } from './libtensorflow.mjs';
import { downloadWheels, pipConditions, requirePip, requireSpace, unpackWheel } from './python.mjs';
import { isWhole, placeRuntime, writeDescription } from './runtime-folder.mjs';
import { runtimeOptions, unavailable, wantedKinds } from './selection.mjs';
import { wheelContents, wheelsFor } from './wheels.mjs';

/**
 * @typedef {object} Context
 * @property {string} checkout
 * @property {string} cache
 * @property {string} node the Node to run things with
 * @property {boolean} retry try again what failed lately
 * @property {import('../reporter.mjs').Reporter} reporter
 * @property {{ gpu?: boolean, cpu?: boolean }} asked
 * @property {string} [platform] such as `linux-x64`
 * @property {(kind: 'cpu' | 'gpu', platform: string) => import('./wheels.mjs').WheelSet | null} [wheels]
 * @property {(kind: 'cpu' | 'gpu', platform: string) => import('./archives.mjs').LibraryArchive | null} [archives]
 */

/** @typedef {import('./selection.mjs').RuntimeOption} RuntimeOption */
/** @typedef {{ engine: string, reason: string, remedy: string }} Failure */

/** What an archive takes at the most until it is unpacked. */
const ARCHIVE_MEGABYTES = 1500;

/** @param {Context} context */
function platformOf(context) {
  return context.platform ?? `${process.platform}-${process.arch}`;
}

/** @param {Context} context @param {RuntimeOption} option @param {string} stage */
async function makeFromWheels(context, option, stage) {
  const platform = platformOf(context);
  const set = (context.wheels ?? wheelsFor)(option.kind, platform);
  if (set === null) throw new StepFailure(`there is no wheel for ${platform}`, 'Nothing can be done here.');
  const { reporter, checkout } = context;
  const modules = join(checkout, 'node_modules');
  const what = `TensorFlow ${set.wheels[0].version}${option.kind === 'gpu' ? ' with CUDA' : ''}`;
  // Everything that can be known beforehand is asked before the long download.
  const compiler = requireCompiler();
  const python = await requirePip();
  requireSpace(stage, set.downloadMegabytes + set.installedMegabytes + 100);
  const wheels = await reporter.step(`Downloading ${what} (pip, ${set.downloadMegabytes} MB)`, (progress) =>
    downloadWheels({ python, set, stage, progress }),
  );
  await reporter.step(`Unpacking ${what} into ${join(context.cache, 'runtime')}`, async () => {
    for (const wheel of wheels) {
      await unpackWheel({ python, wheel, target: stage, rules: wheelContents });
      rmSync(wheel);
    }
  });
  await reporter.step('Building the TensorFlow addon and trying it', async () => {
    await compileAddon({ compiler, modules, stage });
    await describe(context, option, stage, `wheel ${set.wheels[0].name} ${set.wheels[0].version}`);
  });
}

/** @param {Context} context @param {RuntimeOption} option @param {string} stage */
async function makeFromArchive(context, option, stage) {
  const { reporter, checkout, node } = context;
  const platform = platformOf(context);
  const archive = (context.archives ?? archiveFor)(option.kind, platform);
  if (archive === null)
    throw new StepFailure(`there is no archive for ${platform}`, 'Nothing can be done here.');
  const modules = join(checkout, 'node_modules');
  const what = `TensorFlow ${archive.version}`;
  const compiler = requireCompiler();
  requireSpace(stage, ARCHIVE_MEGABYTES);
  // Not in the stage: what a killed set-up has downloaded is continued by the next.
  const folder = join(context.cache, 'downloads', 'libtensorflow');
  const path = await reporter.step(`Downloading ${what} (its C library)`, (progress) =>
    downloadLibrary({ node, modules, folder, archive, progress }),
  );
  await reporter.step(`Unpacking ${what} into ${join(context.cache, 'runtime')}`, () =>
    unpackLibrary({ path, stage, archive }),
  );
  await reporter.step('Building the TensorFlow addon and trying it', async () => {
    await compileAddon({ compiler, modules, stage });
    await describe(context, option, stage, `archive ${basename(path)}, SHA-256 ${archive.sha256}`);
  });
  rmSync(path);
}

/** @param {Context} context @param {RuntimeOption} option @param {string} stage @param {string} source */
async function describe(context, option, stage, source) {
  const folder = join(stage, 'runtime');
  const { tensorflow } = await tryAddon({ node: context.node, folder });
  const platform = platformOf(context);
  writeDescription(folder, {
    kind: option.kind,
    tensorflow,
    addon: addonVersion(context.checkout),
    platform,
    source,
  });
}

/** @param {string} checkout */
function addonVersion(checkout) {
  const manifest = join(checkout, 'node_modules', '@tensorflow', 'tfjs-node', 'package.json');
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}

/** @param {Context} context @param {RuntimeOption} option */
async function make(context, option) {
  const parent = join(context.cache, 'runtime');
  const folder = join(parent, option.id);
  mkdirSync(parent, { recursive: true });
  const waiting = () => context.reporter.note('Waiting for another Lenslet that is getting TensorFlow …');
  await withLock(
    join(context.cache, 'locks', `runtime-${option.id}`),
    async () => {
      if (isWhole(folder)) return;
      const stage = join(parent, stageName(option.id));
      mkdirSync(stage);
      try {
        await (option.source === 'wheel' ? makeFromWheels : makeFromArchive)(context, option, stage);
        placeRuntime(join(stage, 'runtime'), folder);
      } finally {
        rmSync(stage, { recursive: true, force: true });
      }
    },
    waiting,
  );
}

/** What the result of a try depends on; when it changes, a remembered failure counts no more. */
function conditions() {
  return JSON.stringify([...pipConditions(), findCompiler(), process.env.TFJS_NODE_CDN_STORAGE]);
}

/** @param {Context} context @param {RuntimeOption} option @returns {Promise<StepFailure | null>} */
async function tryOption(context, option) {
  const memory = join(context.cache, 'failures', `runtime-${option.id}.json`);
  const remembered = context.retry ? null : recallFailure(memory, conditions());
  if (remembered !== null) return remembered;
  try {
    await make(context, option);
    forgetFailure(memory);
    return null;
  } catch (error) {
    const failure = StepFailure.from(error, 'Run npm run setup -- --retry to try again.');
    rememberFailure(memory, conditions(), failure);
    return failure;
  }
}

/**
 * @param {Context} context
 * @param {readonly string[]} kinds
 * @param {Failure[]} failures
 * @param {{ folder: string, kind: 'cpu' | 'gpu' } | null} runtime
 */
function settle(context, kinds, failures, runtime) {
  linkRuntime(join(context.checkout, 'node_modules'), runtime);
  const remedy = 'With one in place (nvidia-smi lists it), start with npm start -- --gpu.';
  const noGpu = {
    engine: 'tensorflow-gpu',
    reason: context.asked.cpu ? '--cpu was given' : 'no NVIDIA GPU was found',
    remedy,
  };
  writeNotes(
    join(stateFolder(context.checkout), 'engines.json'),
    kinds.includes('gpu') ? failures : [noGpu, ...failures],
  );
}

/**
 * Makes the best TensorFlow runtime that can be had available to this checkout. That none can be had is no failure
 * of set-up: the app then starts on a slower engine and says why.
 * @param {Context} context
 * @returns {Promise<{ runtime: string | null, failures: Failure[] }>} its folder; what was tried in vain, and why
 */
export async function ensureTensorflow(context) {
  const platform = platformOf(context);
  clearLeftovers(join(context.cache, 'runtime'));
  const kinds = wantedKinds(context.asked);
  /** @type {Failure[]} */
  const failures = [];
  for (const kind of kinds) {
    const options = runtimeOptions([kind], platform, addonVersion(context.checkout));
    /** @type {{ reason: string, remedy: string } | null} */
    let first = options.length === 0 ? unavailable(kind, platform) : null;
    for (const option of options) {
      const folder = join(context.cache, 'runtime', option.id);
      const failure = isWhole(folder) ? null : await tryOption(context, option);
      if (failure === null) {
        settle(context, kinds, failures, { folder, kind });
        return { runtime: folder, failures };
      }
      // The first failure of an engine is the one to mend; what was tried after it is a stopgap.
      first ??= failure;
    }
    const engine = kind === 'gpu' ? 'tensorflow-gpu' : 'tensorflow';
    if (first !== null) failures.push({ engine, reason: first.reason, remedy: first.remedy });
  }
  settle(context, kinds, failures, null);
  return { runtime: null, failures };
}
