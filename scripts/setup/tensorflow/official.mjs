// @ts-check
/** tfjs-node's own install script, run on a copy of its package beside `node_modules`, never inside. */
import { cpSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { lastLines, runCommand } from '../run-command.mjs';
import { StepFailure } from '../step-failure.mjs';

/** @param {string} modules @param {string} copy */
function copyPackage(modules, copy) {
  mkdirSync(copy, { recursive: true });
  for (const part of ['package.json', 'binding.gyp', 'binding', 'scripts']) {
    cpSync(join(modules, '@tensorflow', 'tfjs-node', part), join(copy, part), { recursive: true });
  }
}

/**
 * Downloads the official libtensorflow and addon into `stage/runtime`.
 * @param {{ node: string, modules: string, stage: string, kind: 'cpu' | 'gpu' }} work
 * @throws {StepFailure} when its hosts are out of reach
 */
export async function downloadOfficial({ node, modules, stage, kind }) {
  const copy = join(stage, 'package');
  copyPackage(modules, copy);
  const result = await runCommand(node, [join(copy, 'scripts', 'install.js'), kind, 'download'], {
    cwd: copy,
    env: {
      ...process.env,
      // The script looks for its packages and for node-pre-gyp as if it lay in node_modules.
      NODE_PATH: modules,
      PATH: [join(modules, '.bin'), process.env.PATH ?? process.env.Path ?? ''].join(delimiter),
    },
    stall: { folder: copy, seconds: 60 },
    limitSeconds: 1800,
  });
  const addon = join(copy, 'lib', 'napi-v8', 'tfjs_binding.node');
  if (!existsSync(addon)) {
    const error = /(getaddrinfo|connect|ECONN|ETIMEDOUT|Unsupported system).*/.exec(result.output)?.[0];
    throw new StepFailure(
      `the official TensorFlow build could not be had (${error ?? (lastLines(result.output) || 'no answer')})`,
      'Check the connection, then: npm run setup -- --retry',
    );
  }
  mkdirSync(join(stage, 'runtime'), { recursive: true });
  for (const part of ['deps', 'lib']) renameSync(join(copy, part), join(stage, 'runtime', part));
  if (process.platform === 'win32') {
    // Windows looks for the library beside the addon; the script links it under another Node-API version.
    const library = join(stage, 'runtime', 'deps', 'lib', 'tensorflow.dll');
    cpSync(library, join(stage, 'runtime', 'lib', 'napi-v8', 'tensorflow.dll'));
  }
}
