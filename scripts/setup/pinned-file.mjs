// @ts-check
/** Files from the network whose SHA-256 is known beforehand: nothing else is ever used. */
import { mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLines, runCommand } from './run-command.mjs';
import { StepFailure } from './step-failure.mjs';

const script = fileURLToPath(new URL('./fetch-pinned.mjs', import.meta.url));
const again = 'then: npm run setup -- --retry';
const online = `Check the connection (and the proxy in HTTPS_PROXY, where there is one), ${again}`;

const proxyVariables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/**
 * The first proxy that is named serves for everything, as tfjs-node's own script had it.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function withProxy(env) {
  const proxy = proxyVariables.map((name) => env[name]).find((value) => value);
  const named = proxy === undefined ? [] : proxyVariables.map((name) => [name, proxy]);
  return { ...env, NODE_USE_ENV_PROXY: '1', ...Object.fromEntries(named) };
}

/**
 * @param {any} report what `fetch-pinned.mjs` said
 * @param {{ sha256: string, maxBytes: number }} expected
 * @param {string} name
 */
function failureOf(report, { sha256, maxBytes }, name) {
  switch (report.outcome) {
    case 'different':
      return new StepFailure(
        `the downloaded ${name} is not the expected file. Expected SHA-256: ${sha256}. Received: ${report.received}`,
        `A mirror or proxy may have changed it. Try another connection, ${again}. If the received value stays the same there, the expected one may be wrong: please report both.`,
      );
    case 'too-large':
      return new StepFailure(
        `the download of ${name} is larger than the expected file can be (${maxBytes / 1e6} MB)`,
        `A mirror or proxy may have changed it. Check them, ${again}`,
      );
    case 'status':
      return new StepFailure(`the server has no ${name} (HTTP status ${report.status})`, online);
    default:
      if (report.code === 'ENOSPC') {
        return StepFailure.diskFull();
      }
      return new StepFailure(`${name} could not be downloaded (${report.code})`, online);
  }
}

/**
 * Downloads a file. What a killed or interrupted download has left beside `target` is continued.
 * @param {object} order
 * @param {string} order.node the Node to download with
 * @param {string} order.url
 * @param {string} order.sha256 hexadecimal
 * @param {string} order.target its folder is made, and holds nothing else that is being written
 * @param {number} order.maxBytes
 * @param {(bytes: number) => void} [order.onBytes] told how much is there
 * @param {number} [order.stallSeconds] given up when nothing arrives for this long
 * @throws {StepFailure} when the file cannot be had or has another SHA-256; `target` does not exist then
 */
export async function fetchPinned({ node, onBytes, stallSeconds = 60, ...order }) {
  const { target } = order;
  const folder = dirname(target);
  mkdirSync(folder, { recursive: true });
  const result = await runCommand(node, [script, JSON.stringify(order)], {
    env: withProxy(process.env),
    stall: { folder, seconds: stallSeconds },
    onBytes,
    limitSeconds: 3600,
  });
  const name = basename(target);
  if (result.stopped !== null) throw new StepFailure(`the download of ${name} does not proceed`, online);
  const report = /^\{.*\}$/m.exec(result.output)?.[0];
  if (report === undefined) {
    throw new StepFailure(`${name} could not be downloaded (${lastLines(result.output)})`, online);
  }
  const outcome = JSON.parse(report);
  if (outcome.outcome !== 'done') throw failureOf(outcome, order, name);
}
