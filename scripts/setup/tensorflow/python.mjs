// @ts-check
/** Fetches wheels with pip and takes out what is needed. */
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../find-program.mjs';
import { lastLines, runCommand } from '../run-command.mjs';
import { StepFailure } from '../step-failure.mjs';
import { pythonVersion } from './wheels.mjs';

/** @typedef {import('./wheels.mjs').WheelSet} WheelSet */

export function findPython(env = process.env) {
  return findProgram([env.PYTHON, 'python3', 'python'], env);
}

/** What decides how pip, or Node in its place, reaches an index: when it changes, another try may succeed. */
export function pipConditions(env = process.env) {
  const names = ['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL', 'PIP_FIND_LINKS', 'PIP_CONFIG_FILE'];
  return [findPython(env), ...[...names, 'HTTPS_PROXY', 'https_proxy'].map((name) => env[name] ?? null)];
}

const getPip = 'Install Python 3 with pip (Debian, Ubuntu: apt install python3-pip), then start again.';

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} a Python that has pip
 * @throws {StepFailure}
 */
export async function requirePip(env = process.env) {
  const python = findPython(env);
  if (python === null) throw new StepFailure('Python 3 was not found', getPip);
  const { code } = await runCommand(python, ['-m', 'pip', '--version'], { env, limitSeconds: 60 });
  if (code !== 0) throw new StepFailure(`${python} has no pip`, getPip);
  return python;
}

/**
 * @param {string} folder an existing one
 * @param {number} megabytes
 * @throws {StepFailure} when less is free
 */
export function requireSpace(folder, megabytes) {
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free >= megabytes) return;
  throw new StepFailure(
    `${folder} has only ${free} MB free; ${megabytes} MB are needed`,
    'Free some space, or set LENSLET_CACHE to a folder on another disk, then start again.',
  );
}

/** @param {import('../run-command.mjs').CommandResult} result */
function downloadFailure({ output, code, stopped }) {
  const online =
    'Check the connection (and the proxy or mirror settings of pip), then: npm run setup -- --retry';
  if (stopped === 'stall') return new StepFailure('the Python package index does not answer', online);
  if (/No space left on device/i.test(output)) {
    return StepFailure.diskFull();
  }
  if (
    /name resolution|NewConnectionError|unreachable|refused|timed out|ProxyError|SSLError|Max retries/i.test(
      output,
    )
  ) {
    return new StepFailure('the Python package index cannot be reached', online);
  }
  if (/No matching distribution|from versions:/i.test(output)) {
    return new StepFailure('the Python package index has no such wheel for this platform', online);
  }
  return new StepFailure(`pip ended with ${code}: ${lastLines(output, 2)}`, online);
}

/**
 * The arguments that make pip fetch exactly these wheels, whatever Python it runs on.
 * @param {WheelSet} set
 * @param {string} folder
 */
export function downloadArguments(set, folder) {
  return [
    ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--no-input'],
    ...['--python-version', pythonVersion, '--implementation', 'cp', '--retries', '3', '--timeout', '30'],
    ...set.platforms.flatMap((platform) => ['--platform', platform]),
    ...['--dest', folder],
    ...set.wheels.map(({ name, version }) => `${name}==${version}`),
  ];
}

/** @param {string} file @returns {Promise<string>} */
async function sha256(file) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * @param {WheelSet} set
 * @param {string} folder
 * @returns {Promise<string[]>} the wheels' paths
 * @throws {StepFailure} when one is missing or is not the pinned one
 */
export async function verifyWheels(set, folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.whl'));
  const found = new Map();
  for (const name of files) found.set(await sha256(join(folder, name)), join(folder, name));
  return set.wheels.map(({ name, version, sha256: wanted }) => {
    const path = found.get(wanted);
    if (path !== undefined) return path;
    throw new StepFailure(
      `the downloaded ${name} ${version} is not the expected file (its SHA-256 differs)`,
      'A mirror or proxy may have changed it. Check the settings of pip, then: npm run setup -- --retry',
    );
  });
}

/**
 * Downloads wheels and checks their hashes.
 * @param {{ python: string, set: WheelSet, stage: string, env?: NodeJS.ProcessEnv, progress: (detail: string) => void }} work
 * @returns {Promise<string[]>} their paths
 * @throws {StepFailure}
 */
export async function downloadWheels({ python, set, stage, env = process.env, progress }) {
  const folder = join(stage, 'wheels');
  // pip's temporary files too, so that all of it is on one disk, can be watched, and goes away with the stage.
  const temporary = join(stage, 'tmp');
  for (const path of [folder, temporary]) mkdirSync(path, { recursive: true });
  const result = await runCommand(python, downloadArguments(set, folder), {
    env: { ...env, TMPDIR: temporary, TEMP: temporary, TMP: temporary, PIP_REQUIRE_VIRTUALENV: '0' },
    stall: { folder: stage, seconds: 120 },
    onBytes: (bytes) => progress(`${Math.round(bytes / 1e6)} of ${set.downloadMegabytes} MB`),
  });
  if (result.code !== 0) throw downloadFailure(result);
  return verifyWheels(set, folder);
}

/** Python's own zip reader; it comes with the pip that is needed anyway. Keeps the executable bit. */
const unpackScript = `
import json, os, re, shutil, sys, zipfile
wheel, target, rules = json.loads(sys.argv[1])
rules = [(re.compile(pattern), place) for pattern, place in rules]
with zipfile.ZipFile(wheel) as archive:
    for member in archive.infolist():
        for pattern, place in rules:
            match = pattern.match(member.filename)
            if match is None or '..' in member.filename:
                continue
            path = os.path.join(target, match.expand(place))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with archive.open(member) as source, open(path, 'wb') as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
            if (member.external_attr >> 16) & 0o111:
                os.chmod(path, 0o755)
`;

/**
 * Takes files out of a wheel.
 * @param {{ python: string, wheel: string, target: string, rules: readonly [string, string][], env?: NodeJS.ProcessEnv }} work
 * @throws {StepFailure}
 */
export async function unpackWheel({ python, wheel, target, rules, env = process.env }) {
  const result = await runCommand(python, ['-c', unpackScript, JSON.stringify([wheel, target, rules])], {
    env,
  });
  if (result.code === 0) return;
  if (/No space left/i.test(result.output)) {
    throw StepFailure.diskFull();
  }
  throw new StepFailure(
    `the wheel could not be unpacked: ${lastLines(result.output)}`,
    'Run npm run setup -- --retry',
  );
}
