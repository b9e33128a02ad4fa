/** Carries the page's requests to the core: pictures and uploads one by one, the contract over a socket for each page. */
import { Agent, type ClientRequest, type IncomingMessage, request as sendRequest } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { WebSocket } from 'ws';
import { coreKeyHeader } from '../../contract/desktop/desktop.ts';
import type { RunningCore } from './core-keeper.ts';

/** A page of the grid asks for a hundred thumbnails at once; the core decodes as many as it has threads. */
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** Statuses whose answers have no body, which fetch's `Response` insists on. */
const bodiless = [204, 205, 304];

function send(core: RunningCore, request: Request): ClientRequest {
  const { pathname, search } = new URL(request.url);
  return sendRequest({
    agent,
    socketPath: core.address,
    path: pathname + search,
    method: request.method,
    headers: { ...Object.fromEntries(request.headers), [coreKeyHeader]: core.key },
    signal: request.signal,
  });
}

/**
 * Hands a request of the page on to the core. Bodies are streamed both ways, as fast as they are read.
 * @returns its answer; 503 when there is no core that could answer
 */
export async function forward(running: () => Promise<RunningCore>, request: Request): Promise<Response> {
  try {
    const sent = send(await running(), request);
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve);
      sent.on('error', reject);
    });
    if (request.body === null) sent.end();
    // What goes wrong with it is seen in the answer, or there is none.
    else
      Readable.fromWeb(request.body as NodeReadableStream)
        .on('error', (error) => sent.destroy(error))
        .pipe(sent);
    const answer = await answered;
    const status = answer.statusCode ?? 502;
    const headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers)) headers.set(name, String(value));
    // Of the connection to the core, not of the answer.
    for (const name of ['connection', 'keep-alive', 'transfer-encoding']) headers.delete(name);
    if (bodiless.includes(status)) {
      answer.resume();
      return new Response(null, { status, headers });
    }
    return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, { status, headers });
  } catch {
    return new Response('Lenslet is starting again.', { status: 503 });
  }
}

/** Opens a socket for the contract. @throws Error when there is no core that listens */
export async function openSocket(running: () => Promise<RunningCore>): Promise<WebSocket> {
  const { address, key } = await running();
  const socket = new WebSocket(`ws+unix:${address}:/rpc`, { headers: { [coreKeyHeader]: key } });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.on('error', reject);
  });
  return socket;
}
