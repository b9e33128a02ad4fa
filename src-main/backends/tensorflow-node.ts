/** Loads tfjs-node (or its GPU twin) in this process, with everything that it needs and trips over. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import util from 'node:util';
import type { Tf } from '../engine/base/backend.ts';
import { availableCores } from './available-cores.ts';
import { CandidateRejection } from './candidate.ts';
import {
  type LinkedRuntime,
  type TensorflowPackage,
  linkedRuntime,
  packageFolder,
  setupNote,
} from './runtime-folder.ts';
import { selfTest } from './self-test.ts';

/** A TensorFlow that computes. */
export interface LoadedTensorflow {
  readonly tf: Tf;
  readonly version: string;
  readonly usesGpu: boolean;
}

/** The oldest libtensorflow that the engine's graphs are written for. */
const OLDEST = [2, 9];

const setUpAgain = 'Run npm run setup -- --retry and read its output.';

/** tfjs-node 4.22 calls two functions that Node 23 removed. */
function restoreRemovedFunctions(): void {
  const target = util as unknown as Record<string, unknown>;
  target.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  target.isArray ??= Array.isArray;
}

/** TensorFlow reads these when it is loaded. What the user has set stays. */
function prepareEnvironment(): void {
  const cores = String(availableCores());
  // Its banner and its advice to recompile it do not help anybody; errors are still shown.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // By itself it counts the machine's cores, not those that a container may use.
  process.env.TF_NUM_INTRAOP_THREADS ??= cores;
  process.env.TF_NUM_INTEROP_THREADS ??= cores;
  // Otherwise it takes all of the GPU's memory at once.
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
}

/** TensorFlow's builds for Intel and AMD need AVX and end the process where it is missing. */
function requireProcessor(): void {
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? ' avx ';
  if (` ${flags} `.includes(' avx ')) return;
  throw new CandidateRejection(
    'This processor has no AVX instructions.',
    'TensorFlow needs a processor made after 2011.',
  );
}

/**
 * Finds a package and its runtime.
 * @throws CandidateRejection with the output of set-up when there is none
 */
export function requireRuntime(name: TensorflowPackage, engine: string, base: string): LinkedRuntime {
  const folder = packageFolder(name, base);
  if (folder === null)
    throw new CandidateRejection(`The package ${name} is not installed.`, 'Run npm run setup.');
  const runtime = linkedRuntime(folder);
  if (runtime !== null) return runtime;
  const note = setupNote(folder, engine);
  if (note !== null) throw new CandidateRejection(note.reason, note.remedy);
  throw new CandidateRejection(`There is no TensorFlow runtime for ${name}.`, 'Run npm run setup.');
}

function requireVersion(version: string): void {
  const [major, minor] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new CandidateRejection(`TensorFlow ${version} is older than ${OLDEST.join('.')}.`, setUpAgain);
}

interface NativeBackend {
  readonly binding: { readonly TF_Version: string };
  readonly isUsingGpuDevice: boolean;
}

async function initialise(tf: Tf): Promise<LoadedTensorflow> {
  // The package has set its backend when it was imported; after another candidate's failure that may be another one.
  await tf.setBackend('tensorflow');
  const native = tf.backend() as unknown as NativeBackend;
  const version = native.binding.TF_Version;
  requireVersion(version);
  const { passed, detail } = selfTest(tf);
  if (!passed) throw new CandidateRejection(`TensorFlow computes wrongly here (${detail}).`, setUpAgain);
  return { tf, version, usesGpu: native.isUsingGpuDevice };
}

/**
 * Imports a package and proves that it computes.
 * @param base a file from whose place the package is looked for
 * @param check throws a CandidateRejection for an engine that computes but is not the one that was meant
 * @throws CandidateRejection; no trace of the failed engine is left in tfjs then
 */
export async function loadTensorflow(
  name: TensorflowPackage,
  base: string,
  check: (loaded: LoadedTensorflow) => void,
): Promise<LoadedTensorflow> {
  requireProcessor();
  prepareEnvironment();
  restoreRemovedFunctions();
  const require = createRequire(base);
  const tfjs = require('@tensorflow/tfjs') as Tf;
  const wasThere = tfjs.findBackendFactory('tensorflow') !== null;
  try {
    // Importing registers and selects the backend and loads the native library: any of it may throw.
    const loaded = await initialise(require(name) as Tf);
    check(loaded);
    return loaded;
  } catch (error) {
    if (!wasThere) forgetBackend(tfjs);
    throw CandidateRejection.from(error, setUpAgain);
  }
}

/** So that the next candidate can register its own; tfjs complains of each kernel that is there twice. */
function forgetBackend(tf: Tf): void {
  if (tf.findBackendFactory('tensorflow') !== null) tf.removeBackend('tensorflow');
  for (const { kernelName } of tf.getKernelsForBackend('tensorflow'))
    tf.unregisterKernel(kernelName, 'tensorflow');
}
