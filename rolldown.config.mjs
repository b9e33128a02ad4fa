// Bundles the Node side for packages, and for Electron in a checkout: build/main runs in Electron, build/core under plain
// Node (ADR 17). Development runs from source without them.
import { defineConfig } from 'rolldown';

// Native packages, their companions, and an LGPL one that must stay replaceable.
const native = [
  'sharp',
  'piscina',
  'onnxruntime-node',
  '@litertjs/core',
  /^@tensorflow\//,
  'heic-decode',
  'libheif-js',
];

const programs = {
  cli: 'src-main/hosts/cli.ts',
  'core-process': 'src-main/hosts/core-process.ts',
  'engine-process': 'src-main/hosts/engine-process.ts',
  'photo-worker': 'src-main/datasets/photos/photo-worker.ts',
  'check-worker': 'src-main/analysis/checks/check-worker.ts',
  'label-list-worker': 'src-main/datasets/import/label-list-worker.ts',
  'map-worker': 'src-main/analysis/map/map-worker.ts',
  'recognition-worker': 'src-main/services/backbones/recognition-worker.ts',
};
const shells = { 'electron-main': 'src-main/hosts/electron-main.ts' };
const preloads = { 'electron-preload': 'src-main/hosts/electron-preload.ts' };

/** Files of the package that plain Node starts: none of them may be missing. */
export const plainFiles = Object.keys(programs).map((name) => `build/core/${name}.js`);

/** Files of the package that Electron loads. */
export const electronFiles = [
  ...Object.keys(shells).map((name) => `build/main/${name}.js`),
  ...Object.keys(preloads).map((name) => `build/main/${name}.cjs`),
];

/** Modules of one folder, flat, so that `import.meta.dirname` is that folder in every file. */
function modules(dir) {
  return {
    dir,
    format: 'esm',
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunk-[name]-[hash].js',
  };
}

// `ws` would try two native packages, which Lenslet does not have.
const define = { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' };

export default defineConfig([
  {
    input: programs,
    platform: 'node',
    external: [...native, /^node:/],
    transform: { define },
    output: modules('build/core'),
  },
  {
    input: shells,
    platform: 'node',
    external: ['electron', /^node:/],
    transform: { define },
    output: modules('build/main'),
  },
  {
    input: preloads,
    platform: 'node',
    external: ['electron'],
    // A sandboxed preload is CommonJS.
    output: { dir: 'build/main', format: 'cjs', entryFileNames: '[name].cjs' },
  },
]);
