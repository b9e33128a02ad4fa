// @ts-check
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The first of several programs that is there.
 * @param {readonly (string | undefined)[]} names names to look up on the PATH, or absolute paths; undefined is passed over
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | null} its absolute path
 */
export function findProgram(names, env = process.env) {
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const name of names) {
    if (name === undefined || name === '') continue;
    const places = isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name));
    for (const place of places) {
      for (const ending of endings) if (isExecutable(place + ending)) return place + ending;
    }
  }
  return null;
}
