/** Drops files and folders from the disk onto the page, as the file manager would. */
import type { Locator } from '@playwright/test';

/** Drags the paths over the middle of the element and lets go there. */
export async function dropPaths(target: Locator, paths: readonly string[]): Promise<void> {
  const box = await target.boundingBox();
  if (box === null) throw new Error('the drop target is not visible');
  const session = await target.page().context().newCDPSession(target.page());
  const event = {
    x: box.x + box.width / 2,
    y: box.y + box.height / 2,
    data: { items: [], files: [...paths], dragOperationsMask: 1 },
  };
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...event });
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...event });
  await session.send('Input.dispatchDragEvent', { type: 'drop', ...event });
  await session.detach();
}
