// Bundles the Node side into build/main for Electron and for packages. Development runs from source without it.
import { defineConfig } from 'rolldown';

// Native packages, their companions, and an LGPL one that must stay replaceable.
const external = [
  'electron',
  'sharp',
  'piscina',
  /^@tensorflow\//,
  'heic-decode',
  'libheif-js',
  'onnxruntime-node',
  /^node:/,
];

const programs = {
  'electron-main': 'src-main/hosts/electron-main.ts',
  cli: 'src-main/hosts/cli.ts',
  'engine-process': 'src-main/hosts/engine-process.ts',
  'photo-worker': 'src-main/datasets/photos/photo-worker.ts',
  'check-worker': 'src-main/analysis/checks/check-worker.ts',
  'label-list-worker': 'src-main/datasets/import/label-list-worker.ts',
  'map-worker': 'src-main/analysis/map/map-worker.ts',
  'recognition-worker': 'src-main/services/backbones/recognition-worker.ts',
};
const preloads = { 'electron-preload': 'src-main/hosts/electron-preload.ts' };

/** Files of the package that something starts: none of them may be missing. */
export const entryFiles = [
  ...Object.keys(programs).map((name) => `build/main/${name}.js`),
  ...Object.keys(preloads).map((name) => `build/main/${name}.cjs`),
];

export default defineConfig([
  {
    input: programs,
    platform: 'node',
    external,
    output: {
      dir: 'build/main',
      format: 'esm',
      cleanDir: true,
      // Flat, so that `import.meta.dirname` is build/main in every file.
      entryFileNames: '[name].js',
      chunkFileNames: 'chunk-[name]-[hash].js',
    },
  },
  {
    input: preloads,
    platform: 'node',
    external,
    // A sandboxed preload is CommonJS.
    output: { dir: 'build/main', format: 'cjs', entryFileNames: '[name].cjs' },
  },
]);
