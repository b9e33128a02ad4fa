/** The web host: the same renderer and the same services, over HTTP and one WebSocket. */
import { createServer, type Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { AnyRouter } from '@orpc/server';
import { AppError } from '../../contract/shared/errors.ts';
import { createAccess, refusal } from './access.ts';
import { trackConnections } from './connections.ts';
import { type Limits, usualLimits } from './limits.ts';
import { createRequestListener } from './requests.ts';
import { refuse, serveSockets } from './sockets.ts';

/** What the server puts before the world. */
export interface Served {
  readonly router: AnyRouter;
  /** Answers `/media/…` and `/upload/…`. */
  readonly media: (request: Request) => Promise<Response>;
}

export interface WebServerOptions {
  readonly served: Served;
  readonly rendererFolder: string;
  /** Address to listen on; loopback unless the user chose another. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Where other limits than the usual ones are wanted. */
  readonly limits?: Partial<Limits>;
}

export interface WebServer {
  /** The address without secret, e.g. `http://127.0.0.1:5367/`. */
  readonly address: string;
  /** The full address with the token, for people. */
  readonly url: string;
  /** An address that works once, to hand to a browser. */
  ticketUrl(): string;
  /** Takes in nothing new: no connection, no request, no message. Answers and events under way are still sent. */
  drain(): void;
  /** Drains, gives answers under way a moment, then ends every connection, whoever holds it. */
  close(): Promise<void>;
}

/** A failure of listen() in words. */
function listenError(thrown: unknown, { host, port }: WebServerOptions): AppError {
  const code = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
  if (code === 'EADDRINUSE') return new AppError('SERVER_PORT_BUSY', { port }, { cause: thrown });
  return new AppError(
    'SERVER_CANNOT_LISTEN',
    { address: `${host}:${port}`, reason: code },
    { cause: thrown },
  );
}

/** Listens and returns the port. @throws AppError SERVER_PORT_BUSY or SERVER_CANNOT_LISTEN */
async function listen(server: Server, options: WebServerOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, options)));
    server.listen(options.port, options.host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Closes a server that listens no more: once its answers are out, or when their time is over. */
async function end(server: Server, closed: Promise<unknown>, milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds;
  const left = (): number => Math.max(0, Math.min(50, deadline - performance.now()));
  for (let over = false; !over && performance.now() < deadline;) {
    // Those that have just sent their answer are kept open for a next request.
    server.closeIdleConnections();
    over = await Promise.race([closed.then(() => true), wait(left(), false)]);
  }
}

/**
 * Starts the server and resolves when it listens.
 * @throws AppError SERVER_PORT_BUSY when the port is taken, SERVER_CANNOT_LISTEN when the address cannot be used
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const limits = { ...usualLimits, ...options.limits };
  const server = createServer({
    headersTimeout: limits.headers,
    connectionsCheckingInterval: Math.min(1000, limits.headers),
    // Uploads are limited by their pace instead.
    requestTimeout: 0,
  });
  const connections = trackConnections(server, limits.strangers);
  const port = await listen(server, options);
  const access = createAccess(port);
  const { served, rendererFolder, host } = options;
  const sources = { media: served.media, rendererFolder, host, limits };
  const listener = createRequestListener(sources, access, connections);
  const sockets = serveSockets(
    served.router,
    { refusal: (request) => refusal(request, host, access), admit: (duplex) => connections.admit(duplex) },
    limits,
  );
  let closed: Promise<unknown> | null = null;
  server.on('request', (request, response) => {
    if (closed === null) return void listener(request, response);
    response.writeHead(503, { connection: 'close' }).end();
  });
  server.on('upgrade', sockets.upgrade);
  server.on('connect', (_request, duplex) => refuse(duplex, 405, limits.refusal, ['Allow: GET, HEAD']));
  const address = `http://${isIPv6(host) ? `[${host}]` : host}:${port}/`;
  const drain = (): Promise<unknown> => {
    sockets.pause();
    connections.dropStrangers();
    return (closed ??= new Promise((resolve) => server.close(resolve)));
  };
  return {
    address,
    url: `${address}?token=${access.token}`,
    ticketUrl: () => `${address}?token=${access.issueTicket()}`,
    drain: () => void drain(),
    async close() {
      const ended = drain();
      sockets.close();
      await end(server, ended, limits.closing);
      connections.dropAll();
      await ended;
    },
  };
}
