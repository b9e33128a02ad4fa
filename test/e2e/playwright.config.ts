/**
 * Browser tests: the production renderer served by the real web host, driven in the system's Chromium. Tests tagged
 * `@long` are those of `npm run test:long`.
 */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  // Those of the desktop host have a configuration of their own: desktop.config.ts.
  testIgnore: 'desktop/**',
  outputDir: '../../test-results/e2e',
  reporter: [['list']],
  // Each test starts a server and an engine of its own; more than two at a time only makes all of them slow.
  workers: 2,
  fullyParallel: true,
  grepInvert: process.env.LENSLET_LONG === '1' ? undefined : /@long/,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  use: {
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    trace: 'on-first-retry',
    permissions: ['camera'],
    launchOptions: {
      executablePath: process.env.LENSLET_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
      ],
    },
  },
});
