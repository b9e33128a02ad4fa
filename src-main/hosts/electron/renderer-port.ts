/** The page's way to the core: a message port for the contract, and the places of dropped files. */
import { isAbsolute } from 'node:path';
import type { IpcMain, MessageChannelMain, WebContents, WebFrameMain } from 'electron';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { isOwnAddress } from './origin.ts';
import { relay } from './relay.ts';

/** Channel names; the preload uses the same. */
export const channels = {
  wantPort: 'lenslet:want-port',
  port: 'lenslet:port',
  portClosed: 'lenslet:port-closed',
  dropped: 'lenslet:dropped',
} as const;

/** As many as there are: whole selections of files are dropped at once. */
const droppedSchema = z.array(z.string().min(1).refine(isAbsolute));

/** True for our own page in the window itself, not in a frame inside it. */
export function isOurPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && isOwnAddress(frame.url);
}

export interface RendererPortOptions {
  readonly ipcMain: IpcMain;
  readonly createChannel: () => MessageChannelMain;
  /** Opens a socket to the core. */
  readonly openSocket: () => Promise<WebSocket>;
  /** Remembers paths and returns the ids the page may use. */
  readonly addPicks: (paths: string[]) => Promise<string[]>;
}

/** Tells a page that its port is of no use any more. The page may be gone itself. */
function reportClosed(sender: WebContents): void {
  if (!sender.isDestroyed()) sender.send(channels.portClosed);
}

/**
 * Answers the preload. Each page that asks gets its own port; the old one closes with the page, and with it
 * every event stream it had. Messages of any other sender are dropped.
 */
export function serveRenderer({ ipcMain, createChannel, openSocket, addPicks }: RendererPortOptions): void {
  ipcMain.on(channels.wantPort, ({ senderFrame, sender }) => {
    if (!isOurPage(senderFrame)) return;
    const { port1, port2 } = createChannel();
    relay(port1, openSocket, () => reportClosed(sender));
    sender.postMessage(channels.port, null, [port2]);
  });
  ipcMain.handle(channels.dropped, (event, paths: unknown) => {
    if (!isOurPage(event.senderFrame)) throw new AppError('INPUT_INVALID', { detail: 'unknown sender' });
    return addPicks(droppedSchema.parse(paths));
  });
}
