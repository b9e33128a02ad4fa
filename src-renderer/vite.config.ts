import ui from '@nuxt/ui/vite';
import vue from '@vitejs/plugin-vue';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const menuSizes = {
  variants: {
    size: { md: { item: 'text-[13px]/5', label: 'text-[13px]/5', itemLeadingIcon: 'size-4 mt-0.5' } },
  },
};

/** The library's sizes brought to the app's 13-pixel text; colours are in styles/tokens.css. */
const theme = {
  colors: { primary: 'iris', neutral: 'neutral' as const },
  button: {
    variants: {
      size: {
        md: { base: 'px-2.5 py-1.5 text-[13px] gap-1.5', leadingIcon: 'size-4', trailingIcon: 'size-4' },
      },
    },
  },
  input: {
    variants: { size: { md: { leadingIcon: 'size-4' } } },
    compoundVariants: [{ fixed: false, size: 'md' as const, class: 'md:text-[13px]/5' }],
  },
  select: {
    variants: { size: { md: { item: 'text-[13px]/5', trailingIcon: 'size-4' } } },
    compoundVariants: [{ fixed: false, size: 'md' as const, class: 'md:text-[13px]/5' }],
  },
  dropdownMenu: menuSizes,
  contextMenu: menuSizes,
  formField: { slots: { label: 'text-[13px]/5', help: 'text-xs mt-1', description: 'text-xs' } },
  tabs: { slots: { trailingBadge: 'px-1 py-0 leading-4' } },
};

/** The plugins of the page. @param dts where the types of its global components are written; false: nowhere */
export const plugins = (dts: string | false) => [
  vue(),
  ui({
    // Theme files go beside the packages; by default they would make a node_modules inside src-renderer.
    root: here('..'),
    autoImport: false,
    components: { dts, dirs: [] },
    // Literal icon names are bundled; a computed one would be fetched from a public host at run time.
    icon: { clientBundle: { scan: { globInclude: ['src-renderer/**/*.{vue,ts}'] }, sizeLimitKb: 128 } },
    ui: theme,
  }),
];

/** One bundle for both hosts: addresses are relative, so that `http://…/` and `lenslet://app/` serve the same files. */
export default defineConfig({
  root: here('.'),
  base: './',
  plugins: plugins(here('components.d.ts')),
  build: {
    outDir: here('../build/renderer'),
    emptyOutDir: true,
    target: 'chrome120',
    chunkSizeWarningLimit: 900,
    // Fonts and pictures stay files: the content security policy allows no data: fonts.
    assetsInlineLimit: 0,
    // A slow machine is no news.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
