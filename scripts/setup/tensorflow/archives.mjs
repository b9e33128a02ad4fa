// @ts-check
/**
 * The pinned archives of TensorFlow's C library, for platforms without a wheel and as a stopgap. A hash that turns out
 * wrong does no harm but that the download is refused.
 *
 * How well they are attested, by independent public records (package recipes and build files) that name them:
 * linux-x64 by three, darwin-x64 by two.
 *
 * Known but not used:
 * - win32-x64 2.9.1 (one record), 56fa7e84c984144311563b405bd0e565568f3cbe2c15ac4713e9c8174a02b00f: nothing here can
 *   build the addon on Windows yet, and no built one has a known hash.
 * - darwin-arm64 2.7 (one record), 13ab22b97e2af06e431aaeb7b42fb89981965dd01aa16da035d8210aa4183d79, and linux-arm64
 *   2.7 (one record), 9395d1ff39f5b6847f5121e679ff4e599dc7061a2a7f87ceac061c78e908e6e3: the engine needs 2.9
 *   (`src-main/backends/tensorflow-node.ts`).
 */

/**
 * @typedef {object} LibraryArchive
 * @property {string} version of TensorFlow
 * @property {string} path below the host
 * @property {string} sha256 of the archive
 * @property {readonly string[]} libraries what the addon is linked with, by the names that it then asks for
 */

/** @type {Readonly<Record<string, LibraryArchive>>} */
export const libraryArchives = {
  'linux-x64': {
    version: '2.9.1',
    path: 'tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz',
    sha256: '7f510d2546e3db5e10b1d119463689003d587842892ad3c95bca51cf82820173',
    libraries: ['libtensorflow.so.2', 'libtensorflow_framework.so.2'],
  },
  'darwin-x64': {
    version: '2.9.1',
    path: 'tensorflow/libtensorflow/libtensorflow-cpu-darwin-x86_64-2.9.1.tar.gz',
    sha256: '56f83d3320ba0f69aaafd6c058645e1b7fbc75fb9a3fc36d6be98de1291ca226',
    libraries: ['libtensorflow.2.dylib', 'libtensorflow_framework.2.dylib'],
  },
};

/**
 * The archive for a platform.
 * @param {'cpu' | 'gpu'} kind
 * @param {string} platform such as `linux-x64`
 * @returns {LibraryArchive | null} null where there is none with a known hash that the engine can use
 */
export function archiveFor(kind, platform) {
  // The archives with GPU support want CUDA 11.2 installed system-wide.
  return kind === 'cpu' ? (libraryArchives[platform] ?? null) : null;
}
