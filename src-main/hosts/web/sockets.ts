/** The contract over WebSocket: one socket per page, at `/rpc`. */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { handlerOptions } from '../../services/meant-project.ts';
import { isSameOrigin, trustedHost, type Access } from './access.ts';

/** Larger than any request; pictures go through `PUT /upload`. */
const LARGEST_MESSAGE = 16 * 1024 * 1024;
const PING_MILLISECONDS = 30_000;

/** The listener for upgrades, and the end of all sockets. */
export interface Sockets {
  readonly upgrade: (request: IncomingMessage, duplex: Duplex, head: Buffer) => void;
  readonly close: () => void;
}

/** Which status refuses this upgrade; null when it may go on. */
function refusal(request: IncomingMessage, host: string, access: Access): number | null {
  if (trustedHost(request.headers, host) === null) return 421;
  if (!access.isKnown(request.headers)) return 401;
  if (!isSameOrigin(request.headers)) return 403;
  return request.url === '/rpc' ? null : 404;
}

/** Closes sockets whose other end no longer answers, such as a laptop that went to sleep. */
function keepAlive(sockets: WebSocketServer): NodeJS.Timeout {
  const quiet = new WeakSet<WebSocket>();
  sockets.on('connection', (socket) => socket.on('pong', () => quiet.delete(socket)));
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      if (quiet.has(socket)) socket.terminate();
      quiet.add(socket);
      socket.ping();
    }
  }, PING_MILLISECONDS);
  return timer.unref();
}

/**
 * Serves a router to the pages of this server. An upgrade by anyone else is refused with a status.
 * @param host the address that is listened on
 */
export function serveSockets(router: AnyRouter, host: string, access: Access): Sockets {
  const handler = new RPCHandler(router, handlerOptions);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE });
  sockets.on('connection', (socket) => {
    socket.on('error', () => socket.terminate());
    void handler.upgrade(socket, { context: {} });
  });
  const timer = keepAlive(sockets);
  return {
    upgrade(request, duplex, head) {
      duplex.on('error', () => duplex.destroy());
      const status = refusal(request, host, access);
      if (status === null) {
        sockets.handleUpgrade(request, duplex, head, (socket) => sockets.emit('connection', socket, request));
        return;
      }
      const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'Connection: close', 'Content-Length: 0'];
      duplex.end(`${lines.join('\r\n')}\r\n\r\n`);
    },
    close() {
      clearInterval(timer);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
