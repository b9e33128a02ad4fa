/**
 * The core for the shell alone: the contract, `media/` and `upload/` on a Unix socket in a folder that only this user may
 * enter, or on a named pipe under Windows. The same wire as on the web, without what strangers need.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { coreKeyHeader } from '../../contract/desktop/desktop.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { privateSocketPath } from '../../core/files/private-temp-folder.ts';
import { logLine } from '../node/log.ts';
import { isSameSecret } from '../web/access.ts';
import { sendFetchResponse, toFetchRequest } from '../web/fetch-adapter.ts';
import { usualLimits } from '../web/limits.ts';
import { passRest } from '../web/paced-body.ts';
import { serveSockets } from '../web/sockets.ts';
import type { Served } from '../web/web-server.ts';

export interface LocalServer {
  /** Where it listens: a path. */
  readonly address: string;
  /** What each request has to carry: a pipe of Windows can be opened by other users of the computer. */
  readonly key: string;
  /** Takes in no further message; answers and events under way are still sent. */
  drain(): void;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** A new address. On Unix the process's private folder keeps all others out. */
function newAddress(): string {
  return process.platform === 'win32' ? `\\\\.\\pipe\\lenslet-${randomUUID()}` : privateSocketPath();
}

async function listen(server: Server, address: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new AppError('SERVER_CANNOT_LISTEN', { address, reason: error.code ?? error.message })),
    );
    server.listen(address, resolve);
  });
}

/** Answers requests for pictures and uploads. */
function createListener(
  media: Served['media'],
  isAdmitted: (request: IncomingMessage) => boolean,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    response.once('finish', () => passRest(request, usualLimits.upload));
    const url = URL.parse(request.url ?? '', 'http://core');
    const answer = async (): Promise<Response> => {
      if (!isAdmitted(request)) return new Response(null, { status: 401 });
      if (url === null) return new Response(null, { status: 400 });
      return media(toFetchRequest(request, url, gone.signal, usualLimits.upload));
    };
    const answered = await answer().catch((thrown: unknown) => {
      if (!gone.signal.aborted) logLine('lenslet: a request failed:', thrown);
      return new Response(null, { status: 500 });
    });
    await sendFetchResponse(answered, response, {}, usualLimits.reader);
  };
}

/**
 * Listens.
 * @throws AppError SERVER_CANNOT_LISTEN, such as for a temporary folder whose path is longer than a socket may have
 */
export async function listenLocally(served: Served): Promise<LocalServer> {
  const key = randomBytes(32).toString('base64url');
  const isAdmitted = ({ headers }: IncomingMessage): boolean =>
    isSameSecret(String(headers[coreKeyHeader]), key);
  // No connection is ended between two requests: the shell might just be sending the next one on it.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 0 });
  const sockets = serveSockets(
    served.router,
    { refusal: (request) => (isAdmitted(request) ? null : 401), admit: () => undefined },
    usualLimits,
  );
  const listener = createListener(served.media, isAdmitted);
  server.on('request', (request, response) => void listener(request, response));
  server.on('upgrade', sockets.upgrade);
  const address = newAddress();
  await listen(server, address);
  return {
    address,
    key,
    drain: () => sockets.pause(),
    async close() {
      sockets.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
