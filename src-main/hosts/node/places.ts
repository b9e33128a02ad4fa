/** Where things lie: the program's own files, the user's projects, the settings. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import envPaths from 'env-paths';

const here = import.meta.dirname;
const fromSource = import.meta.filename.endsWith('.ts');

/**
 * The checkout, or the folder of the installed program: what holds `package.json` and `build/`. In a package it is the
 * archive for Electron, and the folder beside it for plain Node, which cannot read archives.
 */
export const programRoot = fromSource ? join(here, '..', '..', '..') : join(here, '..', '..');

const archive = 'app.asar';
const isPackaged = basename(programRoot).startsWith(archive);

/** The program's files as plain Node finds them. */
const filesRoot = isPackaged ? join(dirname(programRoot), `${archive}.unpacked`) : programRoot;

/** The built renderer: index.html and its assets. */
export const rendererFolder = join(programRoot, 'build', 'renderer');

/** A program of Lenslet that plain Node runs: its source in a checkout, its bundle otherwise. */
function program(name: string): string {
  return fromSource ? join(here, '..', `${name}.ts`) : join(filesRoot, 'build', 'core', `${name}.js`);
}

/** The file an engine process starts from. */
export const engineProcessFile = program('engine-process');

/** The file the desktop app's core process starts from. */
export const coreProcessFile = program('core-process');

/** The file of the command line. */
export const commandLineFile = program('cli');

/**
 * The plain Node that runs the core, the engine and the command line of the desktop app: inside a package, or the one
 * that set-up chose for the checkout (`LENSLET_NODE`) or put into it.
 */
export function plainNode(): string {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  if (isPackaged) return join(dirname(programRoot), 'node', name);
  return process.env.LENSLET_NODE ?? join(programRoot, 'node_modules', 'node', 'bin', name);
}

/**
 * Folders of pretrained networks that came with Lenslet: in the cache that set-up fills for all checkouts (the same
 * folder as in `scripts/setup/paths.mjs`), and inside a package.
 */
export function sharedBackboneFolders(): string[] {
  const { LENSLET_CACHE: given } = process.env;
  const cache = given ? resolve(given) : envPaths('lenslet', { suffix: '' }).cache;
  const packaged = isPackaged ? [join(dirname(programRoot), 'backbones')] : [];
  return [...packaged, join(cache, 'backbones')];
}

/** The Python that runs on clusters. */
export const clusterFolder = join(filesRoot, 'assets', 'cluster');

/** Lenslet's version, from package.json. */
export function programVersion(): string {
  const manifest = JSON.parse(readFileSync(join(programRoot, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

/**
 * Where the user's projects and Lenslet's settings lie. `LENSLET_HOME` moves both, for tests and portable use.
 * @param documents the system's documents folder, where the host knows it; else the home folder
 */
export function userFolders(documents: string = homedir()): {
  settingsFolder: string;
  projectsFolder: string;
} {
  const home = process.env.LENSLET_HOME;
  if (home)
    return {
      settingsFolder: join(resolve(home), 'settings'),
      projectsFolder: join(resolve(home), 'projects'),
    };
  return {
    settingsFolder: envPaths('lenslet', { suffix: '' }).config,
    projectsFolder: join(documents, 'Lenslet'),
  };
}
