/** The renderer's way to the services: a message port for the contract, and the places of dropped files. */
import { isAbsolute } from 'node:path';
import type { AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import type { IpcMain, MessageChannelMain, WebFrameMain } from 'electron';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { handlerOptions } from '../../services/base/meant-project.ts';
import { isOwnAddress } from './origin.ts';

/** Channel names; the preload uses the same. */
export const channels = {
  wantPort: 'lenslet:want-port',
  port: 'lenslet:port',
  dropped: 'lenslet:dropped',
} as const;

const droppedSchema = z.array(z.string().min(1).refine(isAbsolute)).max(10_000);

/** True for our own page in the window itself, not in a frame inside it. */
export function isOurPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && isOwnAddress(frame.url);
}

export interface RendererPortOptions {
  readonly ipcMain: IpcMain;
  readonly createChannel: () => MessageChannelMain;
  readonly router: AnyRouter;
  /** Remembers a path and returns the id the page may use. */
  readonly addPick: (path: string) => string;
}

/**
 * Answers the preload. Each page that asks gets its own port; the old one closes with the page, and with it
 * every event stream it had. Messages of any other sender are dropped.
 */
export function serveRenderer({ ipcMain, createChannel, router, addPick }: RendererPortOptions): void {
  const handler = new RPCHandler(router, handlerOptions);
  ipcMain.on(channels.wantPort, (event) => {
    if (!isOurPage(event.senderFrame)) return;
    const { port1, port2 } = createChannel();
    handler.upgrade(port1, { context: {} });
    port1.start();
    event.sender.postMessage(channels.port, null, [port2]);
  });
  ipcMain.handle(channels.dropped, (event, paths: unknown) => {
    if (!isOurPage(event.senderFrame)) throw new AppError('INPUT_INVALID', { detail: 'unknown sender' });
    return droppedSchema.parse(paths).map(addPick);
  });
}
