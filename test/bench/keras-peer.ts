/** Keras in a virtual environment of its own, made when it is first wanted and used again after that. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../scripts/setup/paths.mjs';
import type { Program } from './support/side.ts';

/** The versions to compare with: the TensorFlow that Lenslet's set-up gets as well. */
export const peerVersions = { keras: '3.15.1', 'tensorflow-cpu': '2.18.1' };

const side = join(import.meta.dirname, 'sides', 'keras_side.py');

/** A Python with Keras, and what it says of itself. */
export interface KerasPeer {
  readonly python: string;
  readonly keras: string;
  readonly tensorflow: string;
}

/** Why there is no Keras to compare with, for people. */
export class NoPeer extends Error {}

const inFolder = (folder: string): string =>
  process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');

/**
 * Finds Keras, or installs it into the user's cache folder (about 600 MB; needs Python 3 and a package index).
 * `LENSLET_BENCH_KERAS` names a virtual environment that is there already.
 * @throws NoPeer with what to do
 */
export function findKeras(say: (text: string) => void): KerasPeer {
  const given = process.env.LENSLET_BENCH_KERAS;
  const name = Object.entries(peerVersions).map(([of, version]) => `${of}-${version}`);
  const folder = given ?? join(cacheFolder(), 'bench', name.join('_'));
  if (!existsSync(inFolder(folder))) {
    if (given !== undefined) throw new NoPeer(`LENSLET_BENCH_KERAS: there is no Python in ${given}.`);
    install(folder, say);
  }
  try {
    const python = inFolder(folder);
    const versions = execFileSync(python, [side, 'versions'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { python, ...(JSON.parse(versions.trim().split('\n').at(-1)!) as Omit<KerasPeer, 'python'>) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n').slice(0, 6).join('\n') : String(error);
    throw new NoPeer(
      `Keras in ${folder} does not start (delete the folder to have it made anew):\n${reason}`,
    );
  }
}

function install(folder: string, say: (text: string) => void): void {
  const stage = `${folder}.${process.pid}`;
  const packages = Object.entries(peerVersions).map(([name, version]) => `${name}==${version}`);
  say(`Installing ${packages.join(' and ')} for the comparison (once, about 600 MB) …`);
  mkdirSync(join(folder, '..'), { recursive: true });
  try {
    must(
      process.env.PYTHON ?? 'python3',
      ['-m', 'venv', stage],
      'A Python 3 with venv is needed (Debian, Ubuntu: python3-venv).',
    );
    const online = 'Check the connection and the settings of pip, or leave Keras out: --peer none.';
    must(
      inFolder(stage),
      ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', ...packages],
      online,
    );
    renameSync(stage, folder);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function must(command: string, args: readonly string[], remedy: string): void {
  const { status, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status === 0) return;
  const reason = error?.message ?? stderr.trim().split('\n').slice(-3).join('\n');
  throw new NoPeer(`${command} ${args.slice(0, 3).join(' ')} failed: ${reason}\n${remedy}`);
}

/** How to start Keras' side. */
export function kerasProgram({ python }: KerasPeer, ...args: string[]): Program {
  // Like Lenslet without a GPU: the CPU wheel has none, another environment may.
  return { command: python, args: [side, ...args], env: { CUDA_VISIBLE_DEVICES: '-1' } };
}
