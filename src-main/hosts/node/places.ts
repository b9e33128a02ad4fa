/** Where things lie: the program's own files, the user's projects, the settings. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import envPaths from 'env-paths';

const here = import.meta.dirname;
const fromSource = import.meta.filename.endsWith('.ts');

/** The checkout, or the folder of the installed program: what holds `package.json` and `build/`. */
export const programRoot = fromSource ? join(here, '..', '..', '..') : join(here, '..', '..');

/** The built renderer: index.html and its assets. */
export const rendererFolder = join(programRoot, 'build', 'renderer');

/** The file an engine process starts from: the source in a checkout, its bundle otherwise. */
export const engineProcessFile = fromSource
  ? join(here, '..', 'engine-process.ts')
  : join(here, 'engine-process.js');

/**
 * Folders of pretrained networks that came with Lenslet: in the cache that set-up fills for all checkouts (the same
 * folder as in `scripts/setup/paths.mjs`), and inside a package.
 */
export function sharedBackboneFolders(): string[] {
  const { LENSLET_CACHE: given } = process.env;
  const cache = given ? resolve(given) : envPaths('lenslet', { suffix: '' }).cache;
  const packaged = basename(programRoot) === 'app.asar' ? [join(programRoot, '..', 'backbones')] : [];
  return [...packaged, join(cache, 'backbones')];
}

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
