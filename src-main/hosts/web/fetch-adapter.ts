/** Node's request and response objects as the fetch API's, without reading anything ahead. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type { Pace } from './limits.ts';
import { pacedBody } from './paced-body.ts';

/**
 * The request as a fetch `Request`. Its body is pulled from the socket only as fast as it is read; when the reader
 * gives up, the rest is thrown away, so that an answer still reaches the sender.
 * @param url its address, parsed
 * @param signal aborts when the sender goes away
 * @param pace how fast the body has to arrive
 */
export function toFetchRequest(request: IncomingMessage, url: URL, signal: AbortSignal, pace: Pace): Request {
  const headers = new Headers();
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    headers.append(request.rawHeaders[i], request.rawHeaders[i + 1]);
  }
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const chunks = (): NodeReadableStream => NodeReadableStream.from(pacedBody(request, pace));
  return new Request(url, {
    method: request.method,
    headers,
    signal,
    ...(hasBody ? { body: chunks(), duplex: 'half' } : {}),
  } as RequestInit);
}

/**
 * Sends a fetch `Response`, its body as fast as the receiver takes it. A receiver that goes away, or takes nothing for
 * too long, ends it silently.
 * @param extra headers every answer carries; those of the response win
 * @param patience milliseconds in which the receiver has to take something
 */
export async function sendFetchResponse(
  answer: Response,
  response: ServerResponse,
  extra: Record<string, string>,
  patience: number,
): Promise<void> {
  response.setTimeout(patience, () => response.destroy());
  const headers: Record<string, string> = { ...extra, ...Object.fromEntries(answer.headers) };
  response.writeHead(answer.status, headers);
  if (answer.body === null || response.req.method === 'HEAD') {
    await answer.body?.cancel();
    response.end();
    return;
  }
  await pipeline(Readable.fromWeb(answer.body as NodeReadableStream), response).catch(() =>
    response.destroy(),
  );
}
