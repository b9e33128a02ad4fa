/**
 * Browser tests on the desktop host: the bundled main process and preload on a stand-in for Electron, whose window is a
 * page of the system's Chromium (test/fixtures/electron). The specs are those of the web host, and those in desktop/.
 */
import { defineConfig } from '@playwright/test';
import web from './playwright.config.ts';

process.env.LENSLET_E2E_HOST = 'desktop';

export default defineConfig({
  ...web,
  outputDir: '../../test-results/desktop',
  globalSetup: './support/build-shell.ts',
  testIgnore: [],
  testMatch: [
    'desktop/*.spec.ts',
    'start/samples.spec.ts',
    'train/train-a-folder.spec.ts',
    'app/isolation.spec.ts',
    'augment/augment.spec.ts',
  ],
});
