/** The test function of all browser tests: a Lenslet of its own, and a watch on everything that must never happen. */
import { type Page, test as base, expect } from '@playwright/test';
import { AppPage } from '../pages/app-page.ts';
import { drawFolder } from './photos.ts';
import { DesktopApp } from './desktop-app.ts';
import { LensletServer } from './server.ts';
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A Lenslet that a test has for itself, in whichever host. */
export type HostedApp = Pick<
  LensletServer,
  'home' | 'projects' | 'url' | 'origin' | 'pid' | 'errors' | 'restart' | 'close'
>;

interface TestFixtures {
  /** A server nobody else uses. */
  readonly server: HostedApp;
  /** The app, opened on it. */
  readonly app: AppPage;
  /** The app with a project of two drawn classes and one finished run; shared, so leave it as it is. */
  readonly trained: AppPage;
}
interface WorkerFixtures {
  readonly trainedServer: HostedApp;
}

/** Fails the test on any request off the machine, any script error and any breach of the content security policy. */
export function watch(page: Page, origin: string): { assertClean(): void } {
  const strangers: string[] = [];
  const errors: string[] = [];
  const look = (address: string): void => {
    const url = new URL(address);
    const local = url.protocol === 'data:' || url.protocol === 'blob:' || address === 'about:blank';
    if (!local && url.host !== new URL(origin).host) strangers.push(address);
  };
  page.on('request', (request) => look(request.url()));
  page.on('websocket', (socket) => look(socket.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // A server that is restarted on purpose refuses connections for a moment.
    const expected = /WebSocket connection|net::ERR_(CONNECTION|EMPTY)_|status of 40[149]/.test(
      message.text(),
    );
    if (message.type() === 'error' && !expected) errors.push(message.text());
  });
  return {
    assertClean() {
      expect(strangers, 'requests off the machine').toEqual([]);
      expect(errors, 'errors in the page').toEqual([]);
    },
  };
}

/** A small project with one run, made through the app as a user would. */
async function makeTrainedProject(app: AppPage, server: HostedApp): Promise<void> {
  const folder = join(server.home, 'Shapes at home');
  await drawFolder(folder, { circles: 60, stripes: 60, triangles: 60 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('train');
  await app.train.set({ epoch: 5, imageSize: 64, learningRate: 0.001 });
  await app.train.start();
  await app.train.waitForOutcome();
}

/** The app in the browser, served by the web host. */
const webTest = base.extend<TestFixtures, WorkerFixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads which fixtures are wanted from this pattern
  server: async ({}, use) => {
    const server = await LensletServer.start();
    await use(server);
    await server.close();
  },
  app: async ({ page, server }, use) => {
    const guard = watch(page, server.origin);
    await page.goto(server.url);
    await use(new AppPage(page));
    guard.assertClean();
  },
  trainedServer: [
    async ({ browser }, use) => {
      const server = await LensletServer.start();
      try {
        const page = await browser.newPage();
        await page.goto(server.url);
        await makeTrainedProject(new AppPage(page), server);
        await page.close();
        await use(server);
      } finally {
        await server.close();
      }
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  trained: async ({ page, trainedServer }, use) => {
    const guard = watch(page, trainedServer.origin);
    await page.goto(trainedServer.url);
    await use(new AppPage(page));
    guard.assertClean();
  },
});

/**
 * The same app in the window of the desktop host, on the stand-in for Electron. Its trained project is made once, in an
 * app of its own; a test gets a copy, opened as a file manager opens a folder.
 */
const desktopTest = base.extend<TestFixtures, WorkerFixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads which fixtures are wanted from this pattern
  server: async ({}, use) => {
    const app = await DesktopApp.start();
    await use(app);
    await app.close();
  },
  page: async ({ server }, use) => use(await (server as DesktopApp).page()),
  app: async ({ page, server }, use) => {
    const guard = watch(page, server.origin);
    await page.goto(server.url);
    await use(new AppPage(page));
    guard.assertClean();
  },
  trainedServer: [
    // eslint-disable-next-line no-empty-pattern -- as above
    async ({}, use) => {
      const app = await DesktopApp.start();
      try {
        await makeTrainedProject(new AppPage(await app.page()), app);
        await use(app);
      } finally {
        await app.close();
      }
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  trained: async ({ page, server, trainedServer }, use) => {
    const [name] = await readdir(trainedServer.projects);
    const copy = join(server.projects, name);
    await cp(join(trainedServer.projects, name), copy, {
      recursive: true,
      filter: (path) => !path.endsWith('project.lock'),
    });
    const guard = watch(page, server.origin);
    await (server as DesktopApp).startAgain([copy]);
    const app = new AppPage(page);
    await expect(app.images.tiles.first()).toBeVisible();
    await use(app);
    guard.assertClean();
  },
});

/** `LENSLET_E2E_HOST=desktop`: desktop.config.ts sets it. */
export const test = process.env.LENSLET_E2E_HOST === 'desktop' ? desktopTest : webTest;
export { expect };
