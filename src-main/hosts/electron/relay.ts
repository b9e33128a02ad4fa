/** Carries the contract between a page and the core, message by message, without looking into it. */
import type { WebSocket } from 'ws';

/** The part of Electron's `MessagePortMain` that is used here. */
export interface PagePort {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/**
 * Joins a page's port and a socket of its own to the core; the end of one is the end of the other. What the page sends
 * before the socket is open is sent when it is.
 * @param open opens the socket
 * @param lost called when the core's end is gone and not the page's
 */
export function relay(port: PagePort, open: () => Promise<WebSocket>, lost: () => void): void {
  const early: string[] = [];
  let socket: WebSocket | null = null;
  let isOver = false;
  const pageGone = (): void => {
    isOver = true;
    socket?.terminate();
  };
  const coreGone = (): void => {
    if (isOver) return;
    isOver = true;
    lost();
    port.close();
  };
  port.on('message', ({ data }) => {
    if (socket === null) early.push(data as string);
    else socket.send(data as string);
  });
  port.on('close', pageGone);
  port.start();
  open().then((opened) => {
    if (isOver) return opened.terminate();
    socket = opened;
    // oRPC's messages are text; only files in a request would be bytes, which the contract does not have.
    opened.on('message', (data: Buffer) => port.postMessage(data.toString()));
    opened.once('close', coreGone);
    for (const message of early.splice(0)) opened.send(message);
  }, coreGone);
}
