import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import { lenslet, readersOfPaths } from './scripts/eslint/join-inside.mjs';

export default tseslint.config(
  {
    ignores: [
      'node_modules/**',
      'build/**',
      'dist/**',
      'coverage/**',
      'test-results/**',
      'playwright-report/**',
      'src-renderer/auto-imports.d.ts',
      'src-renderer/components.d.ts',
      'src-main/**/generated/**',
      // AssemblyScript, which only looks like TypeScript.
      'src-main/**/assembly/**',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    files: ['src-main/**/*.ts', 'test/**/*.ts'],
    extends: [tseslint.configs.recommendedTypeCheckedOnly],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    rules: {
      // The types already say it; TypeScript reports undefined names itself.
      'no-undef': 'off',
      'vue/multi-word-component-names': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  // Paths that were read somewhere are joined by `core/files/join-inside.ts` alone.
  { files: readersOfPaths, plugins: { lenslet }, rules: { 'lenslet/join-inside': 'error' } },
  { files: ['scripts/**', '*.mjs', '*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  prettier,
);
