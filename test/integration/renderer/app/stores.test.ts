// What is on the page's window is declared for the page alone.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- the file declares globals, so it cannot be imported
/// <reference path="../../../../src-renderer/env.d.ts" />
/** The page's stores over a whole core whose answers may come late: after another project, another change, another click. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RPCHandler } from '@orpc/server/message-port';
import { createPinia, setActivePinia } from 'pinia';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FileSource } from '../../../../src-renderer/client/index.ts';
import { createNodeCore } from '../../../../src-main/hosts/node/node-core.ts';
import type { Core } from '../../../../src-main/services/core.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';

const home = mkdtempSync(join(tmpdir(), 'lenslet-stores-'));
const homeBefore = process.env.LENSLET_HOME;
let core: Core;

/** Requests whose answers are kept back, by path, and how to let them go. */
interface Late {
  asked: number;
  readonly answer: Promise<unknown>;
  readonly release: () => void;
}
const late = new Map<string, Late>();
function keepBack(path: string): Late {
  let go = (): void => undefined;
  const answer = new Promise<undefined>((resolve) => {
    go = () => resolve(undefined);
  });
  const entry: Late = {
    asked: 0,
    answer,
    release: () => {
      if (late.get(path) === entry) late.delete(path);
      go();
    },
  };
  late.set(path, entry);
  return entry;
}

/** Stands in for the window of Electron, whose page talks to the core over a message port. */
class PageWindow extends EventTarget {
  readonly lenslet = {
    host: 'electron',
    registerDroppedPaths: (files: File[]) =>
      Promise.resolve(files.map(({ name }) => core.context.pickedPaths.add(join(home, name)))),
  };
  readonly handler = new RPCHandler(core.router, {
    interceptors: [
      async (options) => {
        const result = await options.next();
        const entry = late.get(options.request.url.pathname);
        if (entry !== undefined) {
          entry.asked++;
          await entry.answer;
        }
        return result;
      },
    ],
  });
  postMessage(): void {
    const { port1, port2 } = new MessageChannel();
    this.handler.upgrade(port1);
    port1.start();
    const event = new MessageEvent('message', { data: 'lenslet:port', ports: [port2] });
    Object.defineProperty(event, 'source', { value: this });
    this.dispatchEvent(event);
  }
}

async function loadStores() {
  const [live, project, dataset, explain, imports, labels, labelFiles, augmentation, draft] =
    await Promise.all([
      import('../../../../src-renderer/app/live.ts'),
      import('../../../../src-renderer/shared/project/project.ts'),
      import('../../../../src-renderer/shared/project/dataset.ts'),
      import('../../../../src-renderer/features/explain/store.ts'),
      import('../../../../src-renderer/features/import/store.ts'),
      import('../../../../src-renderer/features/labelling/store.ts'),
      import('../../../../src-renderer/features/labelling/label-files.ts'),
      import('../../../../src-renderer/features/augment/store.ts'),
      import('../../../../src-renderer/features/train/draft.ts'),
    ]);
  setActivePinia(createPinia());
  live.startLiveUpdates();
  return {
    project: project.useProjectStore(),
    dataset: dataset.useDatasetStore(),
    explain: explain.useExplainStore(),
    imports: imports.useImportsStore(),
    labels: labels.useLabelsStore(),
    labelFiles: labelFiles.useLabelFilesStore(),
    augmentation: augmentation.useAugmentationStore(),
    draft: draft.useTrainingDraftStore(),
  };
}
let page: Awaited<ReturnType<typeof loadStores>>;

const dropped = (name: string): FileSource => ({
  name,
  tops: [new File([], name)],
  async *find() {},
});

/** Opens a new project with photos in it, and waits until the page has them. */
async function newProject(name: string): Promise<void> {
  await createProject(name);
  await page.imports.importFiles(dropped('photos'));
  await expect.poll(() => page.dataset.ids.length, { timeout: 20_000 }).toBe(8);
}
/** Makes a project and opens it. Nothing may be going on in the one before: the page would ask. */
async function createProject(name: string): Promise<void> {
  await core.imports.idle();
  await page.project.create(name);
}
/** Opens another, empty project, and waits until the page knows. */
async function anotherProject(name: string): Promise<void> {
  await createProject(name);
  await expect.poll(() => page.dataset.summary?.images, { timeout: 20_000 }).toBe(0);
}

beforeAll(async () => {
  process.env.LENSLET_HOME = home;
  await drawShapes(join(home, 'photos'), 4);
  core = createNodeCore('web');
  Object.assign(globalThis, { window: new PageWindow(), location: { origin: 'null' } });
  page = await loadStores();
});
afterAll(async () => {
  await core.close();
  if (homeBefore === undefined) delete process.env.LENSLET_HOME;
  else process.env.LENSLET_HOME = homeBefore;
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

test('another project shows nothing of the one before, also what was still on its way', async () => {
  await newProject('First');
  const { explain, labelFiles } = page;
  await explain.drawOffers();
  expect([explain.offers.length, explain.photo?.name]).toEqual([2, expect.stringMatching(/jpg$/)]);
  await labelFiles.look(null);
  expect(labelFiles.preview).not.toBeNull();

  const images = keepBack('/datasets/getImages');
  const preview = keepBack('/labels/previewImport');
  const asked = [explain.drawOffers(), explain.chooseImage(page.dataset.ids[0]), labelFiles.look(null)];
  await expect.poll(() => [images.asked, preview.asked], { timeout: 20_000 }).toEqual([2, 1]);
  await anotherProject('Second');
  expect([explain.offers, explain.photo, labelFiles.working]).toEqual([[], null, false]);
  images.release();
  preview.release();
  await Promise.all(asked);
  expect([explain.offers, explain.photo, labelFiles.preview]).toEqual([[], null, null]);
});

test('an upload for the project before neither shows in another nor ends there', async () => {
  await createProject('Third');
  const start = keepBack('/datasets/startImport');
  const before = page.imports.importFiles(dropped('nothing of that name'));
  await expect.poll(() => start.asked).toBe(1);
  await anotherProject('Fourth');
  // The third was as empty: that says nothing.
  await expect.poll(() => page.imports.upload, { timeout: 20_000 }).toBeNull();
  const again = keepBack('/datasets/startImport');
  const now = page.imports.importFiles(dropped('photos'));
  start.release();
  await before;
  expect([page.imports.upload?.name, page.imports.failure]).toEqual(['photos', null]);
  again.release();
  await now;
});

test('a second click on older changes brings them once', async () => {
  await newProject('Journal');
  const { labels, dataset } = page;
  for (let at = 0; at < 101; at++)
    await labels.apply({ kind: 'comment', images: String(dataset.ids[0]), comment: `note ${at}` });
  labels.history = null;
  await labels.loadHistory();
  expect(labels.history).toHaveLength(100);
  await Promise.all([labels.loadHistory(true), labels.loadHistory(true)]);
  const ids = labels.history!.map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(100);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a slider moved just before the dataset changes is kept, and training reads it', async () => {
  await newProject('Augmented');
  const { augmentation, draft } = page;
  await augmentation.load();
  augmentation.useRecipesOwn();
  augmentation.setFill('constant', 17);
  await augmentation.load();
  expect([augmentation.settings?.fillValue, augmentation.chosen]).toEqual([17, true]);
  augmentation.setFill('constant', 18);
  await draft.loadAugmentation();
  expect(draft.projectAugmentation?.fillValue).toBe(18);

  augmentation.setFill('constant', 19);
  await anotherProject('Not augmented');
  await augmentation.load();
  expect([augmentation.settings?.fillValue === 19, augmentation.chosen]).toEqual([false, false]);
});
