import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { RPCHandler } from '@orpc/server/message-port';
import { MessageChannel } from 'node:worker_threads';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Contract } from '../../../../src-main/contract/app/index.ts';
import { meantProjectHeader } from '../../../../src-main/contract/app/projects.ts';
import { handlerOptions } from '../../../../src-main/services/base/meant-project.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { classFolders, writeFiles } from '../../../fixtures/photos/photos.ts';

/** A page: it says which project it has before it, as the renderer's client does. */
interface TestPage {
  meant: string | null;
  readonly client: ContractRouterClient<Contract>;
}

let open: TestCore;
const channels: MessageChannel[] = [];

function openPage(meant: string | null): TestPage {
  const { port1, port2 } = new MessageChannel();
  channels.push({ port1, port2 });
  new RPCHandler(open.core.router, handlerOptions).upgrade(port1);
  const headers = (): Record<string, string> =>
    page.meant === null ? {} : { [meantProjectHeader]: page.meant };
  const page: TestPage = { meant, client: createORPCClient(new RPCLink({ port: port2, headers })) };
  port1.start();
  port2.start();
  return page;
}

beforeEach(async () => {
  open = await openTestCore();
});
afterEach(async () => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close();
    port2.close();
  }
  await open.close();
});

test('a label that a page gives in a project that is not open any more reaches no other project', async () => {
  const photos = join(open.folder, 'photos');
  await writeFiles(photos, await classFolders('', { cats: 2, dogs: 2 }));
  await open.core.imports.importPaths([photos]);
  const first = (await open.client.projects.current())!;
  const page = openPage(first.key);
  expect(await page.client.datasets.summary()).toMatchObject({ images: 4 });

  // Another window opens another project, whose photos have the same ids.
  const second = await open.client.projects.create({ name: 'Another' });
  await open.core.imports.importPaths([photos]);
  const labelFirst = () => page.client.labels.apply({ kind: 'label', images: '1-4', classId: 1 });
  await expect(labelFirst()).rejects.toMatchObject({ data: { code: 'PROJECT_CHANGED' } });
  await expect(page.client.datasets.getImages({ ids: [1] })).rejects.toMatchObject({
    data: { code: 'PROJECT_CHANGED' },
  });
  const labels = (await open.client.datasets.summary()).classes.map(({ name, images }) => [name, images]);
  expect(labels).toEqual([
    ['cats', 2],
    ['dogs', 2],
  ]);

  // Requests that are about no project are answered, and the page can go along.
  expect(await page.client.projects.current()).toMatchObject({ key: second.key });
  page.meant = second.key;
  await labelFirst();
  expect((await open.client.datasets.summary()).classes[0]).toMatchObject({ images: 4 });
});

test('whoever names no project, as scripts do, is answered about the open one', async () => {
  const page = openPage(null);
  expect(await page.client.datasets.summary()).toMatchObject({ images: 0 });
});
