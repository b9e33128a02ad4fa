// @ts-check
/**
 * Run by `electron-binary.mjs` with the Node that Lenslet runs on. Electron's own packages say where its archive is (its
 * cache, a mirror, its host) and unpack it; the download between the two is set-up's, which shows how far it is,
 * continues what broke off, and knows the proxy variables. The last line printed is the answer as JSON.
 *
 *     node electron-archive.mjs find CHECKOUT       {"path"} of an archive that is here, or {"url", "file", "sha256"}
 *     node electron-archive.mjs unpack CHECKOUT ARCHIVE
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [verb, checkout, archive] = process.argv.slice(2);
const folder = join(checkout, 'node_modules', 'electron');
const require = createRequire(join(folder, 'package.json'));
/** @param {string} name of a package that Electron's package depends on */
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

/** @param {string} name of a file of Electron's package @returns {any} */
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** Where the executable is in the archive. */
const executables = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

async function find() {
  const { version } = read('package.json');
  const checksums = read('checksums.json');
  const { downloadArtifact } = await load('@electron/get');
  /** @type {string | null} */
  let url = null;
  const downloader = {
    /** @param {string} address */
    async download(address) {
      url = address;
      throw new Error('set-up downloads it');
    },
  };
  const { platform, arch } = process;
  try {
    return {
      path: await downloadArtifact({
        version,
        artifactName: 'electron',
        platform,
        arch,
        checksums,
        downloader,
      }),
    };
  } catch (error) {
    if (url === null) throw error;
    const file = `electron-v${version}-${platform}-${arch}.zip`;
    return { url, file, sha256: checksums[file] };
  }
}

async function unpack() {
  const { extract } = await load('@electron-internal/extract-zip');
  const dist = join(folder, 'dist');
  const fresh = `${dist}.new`;
  for (const left of [fresh, dist]) rmSync(left, { recursive: true, force: true });
  await extract(archive, { dir: fresh });
  const executable = executables[/** @type {'darwin' | 'win32'} */ (process.platform)] ?? 'electron';
  if (!existsSync(join(fresh, executable))) throw new Error(`${basename(archive)} holds no ${executable}`);
  const types = join(fresh, 'electron.d.ts');
  if (existsSync(types)) renameSync(types, join(folder, 'electron.d.ts'));
  renameSync(fresh, dist);
  // Last: it says that the rest is there.
  writeFileSync(join(folder, 'path.txt'), executable);
  return { version: readFileSync(join(dist, 'version'), 'utf8').trim() };
}

console.log(JSON.stringify(await (verb === 'find' ? find() : unpack())));
