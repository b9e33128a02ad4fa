// @ts-check
/** Opens the app: Electron's window where there is one to be had, else the same app in the browser. */
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';
import { createReporter } from '../setup/reporter.mjs';
import { reportEngines, setUp } from '../setup/set-up.mjs';
import { runInPlace } from './run-node.mjs';

/** Options that set-up takes for itself; everything else goes to the app. */
const ours = ['--gpu', '--cpu', '--retry'];
/** Options that mean a server. */
const serverOptions = ['--no-open', '--port', '--host'];

/**
 * What the arguments of `npm start` ask for.
 * @param {readonly string[]} args
 */
export function readStartArguments(args) {
  return {
    asked: { gpu: args.includes('--gpu'), cpu: args.includes('--cpu') },
    retry: args.includes('--retry'),
    server: args.some((arg) =>
      serverOptions.some((option) => arg === option || arg.startsWith(`${option}=`)),
    ),
    rest: args.filter((arg) => !ours.includes(arg)),
  };
}

/** @param {NodeJS.ProcessEnv} env */
export function hasDisplay(env = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY ?? env.WAYLAND_DISPLAY);
}

/**
 * The engines to try, for the app's processes: `--cpu` leaves the GPU out.
 * @param {{ gpu: boolean, cpu: boolean }} asked
 */
function engineEnvironment(asked) {
  return asked.cpu && !process.env.LENSLET_ENGINE ? { LENSLET_ENGINE: 'tensorflow,cpu' } : {};
}

/**
 * Sets up what is missing and opens the app.
 * @param {readonly string[]} args
 * @param {NodeJS.WritableStream & { isTTY?: boolean }} [stream] where set-up's lines go
 * @returns {Promise<number>} the app's exit code
 */
export async function openApp(args, stream = process.stdout) {
  const { asked, retry, server, rest } = readStartArguments(args);
  const reporter = createReporter(stream);
  const window = !server && hasDisplay();
  const ready = await setUp({ reporter, wants: { renderer: true, electron: window }, asked, retry });
  reportEngines(ready, reporter);
  const env = { ...process.env, ...engineEnvironment(asked), LENSLET_NODE: ready.node };
  if (ready.electron !== null) {
    return runInPlace(ready.electron, [join(root, 'build', 'main', 'electron-main.js'), ...rest], {
      cwd: root,
      env,
    });
  }
  if (window) reporter.note('Electron’s window could not be downloaded, so Lenslet opens in the browser.');
  return runInPlace(ready.node, [join(root, 'src-main', 'hosts', 'cli.ts'), 'serve', ...rest], {
    cwd: root,
    env,
  });
}
