/** The web host: the same renderer and the same services, over HTTP and one WebSocket. */
import { createServer, type Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import type { AnyRouter } from '@orpc/server';
import { AppError } from '../contract/errors.ts';
import { createAccess } from './web/access.ts';
import { createRequestListener } from './web/requests.ts';
import { serveSockets } from './web/sockets.ts';

/** What the server puts before the world. */
export interface Served {
  readonly router: AnyRouter;
  /** Answers `/media/…` and `/upload/…`. */
  readonly media: (request: Request) => Promise<Response>;
}

export interface WebServerOptions {
  readonly served: Served;
  readonly rendererFolder: string;
  /** Address to listen on; loopback unless the user said otherwise. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

export interface WebServer {
  /** The address without secret, e.g. `http://127.0.0.1:5367/`. */
  readonly address: string;
  /** The full address with the token, for people. */
  readonly url: string;
  /** An address that works once, to hand to a browser. */
  ticketUrl(): string;
  /** Ends every connection. */
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

/**
 * Starts the server and resolves when it listens.
 * @throws AppError SERVER_PORT_BUSY when the port is taken, SERVER_CANNOT_LISTEN when the address cannot be used
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const server = createServer();
  const port = await listen(server, options);
  const access = createAccess(port);
  const { served, rendererFolder, host } = options;
  const listener = createRequestListener({ media: served.media, rendererFolder, host }, access);
  const sockets = serveSockets(served.router, host, access);
  server.on('request', (request, response) => void listener(request, response));
  server.on('upgrade', sockets.upgrade);
  const address = `http://${isIPv6(host) ? `[${host}]` : host}:${port}/`;
  return {
    address,
    url: `${address}?token=${access.token}`,
    ticketUrl: () => `${address}?token=${access.issueTicket()}`,
    async close() {
      sockets.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
