/** The contract over WebSocket: one socket per page, at `/rpc`. */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { socketProtocol } from '../../contract/shared/page-keys.ts';
import { handlerOptions } from '../../services/base/meant-project.ts';
import type { Limits } from './limits.ts';

/** Larger than any request; pictures go through `PUT /upload`. */
const LARGEST_MESSAGE = 16 * 1024 * 1024;
/** A page that has so much still to read has stopped reading. */
const MOST_UNREAD = 64 * 1024 * 1024;
const PING_MILLISECONDS = 30_000;

/** The listener for upgrades, and the end of all sockets. */
export interface Sockets {
  readonly upgrade: (request: IncomingMessage, duplex: Duplex, head: Buffer) => void;
  /** Reads no further message; answers and events are still sent. */
  readonly pause: () => void;
  readonly close: () => void;
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
 * Answers with a status alone and ends the connection, at once when the other end does so too, and in any case soon:
 * Node no longer looks after an upgraded connection.
 * @param milliseconds for the other end to take the answer
 */
export function refuse(
  duplex: Duplex,
  status: number,
  milliseconds: number,
  headers: readonly string[] = [],
): void {
  const deadline = setTimeout(() => duplex.destroy(), milliseconds);
  duplex.once('close', () => clearTimeout(deadline));
  duplex.on('error', () => duplex.destroy());
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'Connection: close', 'Content-Length: 0'];
  duplex.end(`${[...lines, ...headers].join('\r\n')}\r\n\r\n`);
  // Its end is seen only by reading up to it; closing over unread bytes would take the answer back.
  duplex.resume();
}

/** A socket as oRPC uses it: each message waits for the one before, so that a slow page gets only the newest state. */
function paced(socket: WebSocket): Pick<WebSocket, 'addEventListener' | 'send'> {
  // oRPC waits for what `send` returns, although the type of a WebSocket does not show it.
  const send = (data: Parameters<WebSocket['send']>[0]): unknown => {
    if (socket.bufferedAmount > MOST_UNREAD) return socket.terminate();
    return new Promise<void>((sent) => {
      // A failure comes at once. A stream that went on at once would never let the end of the socket be noticed.
      socket.send(data, (error) => (error ? setImmediate(sent) : sent()));
    });
  };
  return { addEventListener: socket.addEventListener.bind(socket), send };
}

/** Who gets a socket. */
export interface Admission {
  /** The status that refuses an upgrade; null when it may continue. */
  readonly refusal: (request: IncomingMessage) => number | null;
  /** Called with the connection of each upgrade that may continue. */
  readonly admit: (duplex: Duplex) => void;
}

/** Serves a router over WebSockets. An upgrade that is not admitted is refused with a status. */
export function serveSockets(router: AnyRouter, { refusal, admit }: Admission, limits: Limits): Sockets {
  const handler = new RPCHandler(router, handlerOptions);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    // The key is offered as another subprotocol, and is not answered.
    handleProtocols: (offered) => offered.has(socketProtocol) && socketProtocol,
  });
  sockets.on('connection', (socket) => {
    socket.on('error', () => socket.terminate());
    void handler.upgrade(paced(socket), { context: {} });
  });
  const timer = keepAlive(sockets);
  let paused = false;
  return {
    upgrade(request, duplex, head) {
      const status = paused ? 503 : refusal(request);
      if (status !== null) return refuse(duplex, status, limits.refusal);
      duplex.on('error', () => duplex.destroy());
      admit(duplex);
      sockets.handleUpgrade(request, duplex, head, (socket) => sockets.emit('connection', socket, request));
    },
    pause() {
      paused = true;
      for (const socket of sockets.clients) socket.pause();
    },
    close() {
      clearInterval(timer);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
