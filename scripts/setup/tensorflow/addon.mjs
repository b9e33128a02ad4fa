// @ts-check
/** Builds tfjs-node's addon from the sources in its npm package, and tries the result. */
import { mkdirSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../find-program.mjs';
import { lastLines, runCommand } from '../run-command.mjs';
import { StepFailure } from '../step-failure.mjs';

export function findCompiler(env = process.env) {
  return findProgram([env.CXX, 'g++', 'c++', 'clang++'], env);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 * @throws {StepFailure}
 */
export function requireCompiler(env = process.env) {
  const compiler = findCompiler(env);
  if (compiler !== null) return compiler;
  const install =
    process.platform === 'darwin'
      ? 'Install Apple’s command line tools (xcode-select --install), then start again.'
      : 'Install one (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++), then start again.';
  throw new StepFailure('no C++ compiler was found to build the TensorFlow addon with', install);
}

/**
 * What links the addon. It finds the library relative to itself: in the cache, through the link in node_modules, and
 * in a package. The arguments for macOS follow tfjs-node's `binding.gyp` and are untried.
 * @param {{ folder: string, names: readonly string[] }} libraries
 * @param {NodeJS.Platform} platform
 */
function linkArguments({ folder, names }, platform) {
  if (platform === 'darwin') {
    // Node-API's functions are in the program that loads the addon.
    const addon = ['-bundle', '-undefined', 'dynamic_lookup'];
    return [...addon, ...names.map((name) => join(folder, name)), '-Wl,-rpath,@loader_path/../../deps/lib'];
  }
  return ['-shared', '-L', folder, ...names.map((name) => `-l:${name}`), '-Wl,-rpath,$ORIGIN/../../deps/lib'];
}

/**
 * The compiler's arguments. The addon uses Node-API 8 alone, so one build serves every Node and Electron.
 * @param {{ modules: string, include: string, libraries: { folder: string, names: readonly string[] }, output: string }} places
 * @param {NodeJS.Platform} platform
 */
export function compileArguments({ modules, include, libraries, output }, platform = process.platform) {
  const addon = join(modules, '@tensorflow', 'tfjs-node');
  return [
    ...['-std=c++17', '-O2', '-fPIC', '-DNAPI_VERSION=8', '-o', output],
    ...['-I', include, '-I', join(modules, 'node-api-headers', 'include'), '-I', addon],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(addon, 'binding', name)),
    ...linkArguments(libraries, platform),
  ];
}

/**
 * @param {{ compiler: string, modules: string, stage: string, env?: NodeJS.ProcessEnv }} work
 *   `stage` holds `include/` and `runtime/deps/lib`; the addon goes into `runtime/lib/napi-v8`
 * @throws {StepFailure} with the compiler's first error
 */
export async function compileAddon({ compiler, modules, stage, env = process.env }) {
  const folder = join(stage, 'runtime', 'lib', 'napi-v8');
  mkdirSync(folder, { recursive: true });
  const libraries = join(stage, 'runtime', 'deps', 'lib');
  const args = compileArguments({
    modules,
    include: join(stage, 'include'),
    libraries: { folder: libraries, names: readdirSync(libraries) },
    output: join(folder, 'tfjs_binding.node'),
  });
  const result = await runCommand(compiler, args, { env, limitSeconds: 600 });
  if (result.code === 0) return;
  const error = result.output.split('\n').find((line) => /error/i.test(line)) ?? lastLines(result.output);
  throw new StepFailure(
    `the TensorFlow addon could not be built (${error.trim()})`,
    'Use a C++17 compiler (g++ 8 or newer, with its standard library), then: npm run setup -- --retry',
  );
}

const proof = fileURLToPath(new URL('./try-addon.mjs', import.meta.url));

/**
 * Loads the addon in a process of its own, where a crash does no harm, and lets TensorFlow add two numbers.
 * @param {{ node: string, folder: string, libraryFolders?: readonly string[] }} work the runtime's folder
 * @returns {Promise<{ tensorflow: string, gpu: boolean }>} what it said of itself
 * @throws {StepFailure} with what it said
 */
export async function tryAddon({ node, folder, libraryFolders = [] }) {
  const libraries = [...libraryFolders, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  const result = await runCommand(node, [proof, join(folder, 'lib', 'napi-v8', 'tfjs_binding.node')], {
    env: {
      ...process.env,
      TF_CPP_MIN_LOG_LEVEL: '2',
      ...(libraries === '' ? {} : { LD_LIBRARY_PATH: libraries }),
    },
    limitSeconds: 120,
  });
  const report = /^\{.*\}$/m.exec(result.output)?.[0];
  if (result.code === 0 && report !== undefined) return JSON.parse(report);
  const why =
    result.code === 132 ? 'this processor lacks instructions it needs (AVX)' : lastLines(result.output, 2);
  throw new StepFailure(
    `TensorFlow does not run here: ${why || `it ended with ${result.code}`}`,
    'Lenslet goes on with a slower engine. TensorFlow needs a 64-bit processor with AVX and glibc 2.17 or newer.',
  );
}
