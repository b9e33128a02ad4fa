// @ts-check
/** Takes TensorFlow's library, headers and licences out of a pinned archive. */
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fetchPinned } from '../pinned-file.mjs';
import { StepFailure } from '../step-failure.mjs';
import { unpackArchive } from '../unpack.mjs';

/** @typedef {import('./archives.mjs').LibraryArchive} LibraryArchive */

/** More than twice the largest archive. */
const MAX_BYTES = 600e6;

/** The files of an archive that say what may be done with it, and their names in `licences`. */
const licences = [
  ['LICENSE', 'tensorflow-licence.txt'],
  ['THIRD_PARTY_TF_C_LICENSES', 'tensorflow-third-party-notices.txt'],
];

/**
 * Where the archives are: a mirror that the user names, else the host that tfjs-node's locked manifest names.
 * @param {string} modules
 */
function hostOf(modules, env = process.env) {
  if (env.TFJS_NODE_CDN_STORAGE) return env.TFJS_NODE_CDN_STORAGE.replace(/\/*$/, '/');
  const manifest = readFileSync(join(modules, '@tensorflow', 'tfjs-node', 'package.json'), 'utf8');
  return `${new URL(JSON.parse(manifest).binary.host).origin}/`;
}

/**
 * Downloads an archive, or finds it where an earlier set-up left it.
 * @param {{ node: string, modules: string, folder: string, archive: LibraryArchive, progress: (detail: string) => void }} work
 *   `folder` is for the download
 * @returns {Promise<string>} its path
 * @throws {StepFailure}
 */
export async function downloadLibrary({ node, modules, folder, archive, progress }) {
  const target = join(folder, basename(archive.path));
  await fetchPinned({
    node,
    url: hostOf(modules) + archive.path,
    sha256: archive.sha256,
    target,
    maxBytes: MAX_BYTES,
    onBytes: (bytes) => progress(`${Math.round(bytes / 1e6)} MB`),
  });
  return target;
}

/**
 * Unpacks an archive into `stage/runtime` and `stage/include`.
 * @param {{ path: string, stage: string, archive: LibraryArchive }} work
 * @throws {StepFailure}
 */
export async function unpackLibrary({ path, stage, archive }) {
  const unpacked = join(stage, 'archive');
  await unpackArchive({ archive: path, target: unpacked });
  const places = {
    libraries: join(stage, 'runtime', 'deps', 'lib'),
    licences: join(stage, 'runtime', 'licences'),
  };
  for (const place of Object.values(places)) mkdirSync(place, { recursive: true });
  for (const name of archive.libraries) {
    const member = join(unpacked, 'lib', name);
    if (!existsSync(member)) {
      throw new StepFailure(`the archive holds no ${name}`, 'Run npm run setup -- --retry');
    }
    // The archive holds the file under its full version, with links from the shorter names.
    renameSync(realpathSync(member), join(places.libraries, name));
  }
  renameSync(join(unpacked, 'include'), join(stage, 'include'));
  for (const [member, name] of licences) {
    if (existsSync(join(unpacked, member))) renameSync(join(unpacked, member), join(places.licences, name));
  }
}
