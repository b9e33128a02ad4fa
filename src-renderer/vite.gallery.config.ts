import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vite';
import page, { plugins } from './vite.config.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page's own configuration with another entry, in a folder that no package takes. */
export default mergeConfig(
  // Types are written from the page alone: it uses more components.
  { ...page, plugins: plugins(false) },
  defineConfig({
    build: {
      outDir: here('../build/gallery'),
      rolldownOptions: { input: here('./gallery/index.html') },
    },
  }),
);
