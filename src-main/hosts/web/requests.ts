/** What the web server answers: the way in, the page's files, pictures and uploads. */
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { logLine } from '../node/log.ts';
import { createRendererFiles } from '../page/renderer-files.ts';
import { securityHeaders } from '../page/security-headers.ts';
import { isForeign, isSameOrigin, trustedHost, type Access } from './access.ts';
import type { Connections } from './connections.ts';
import { sendFetchResponse, toFetchRequest } from './fetch-adapter.ts';
import type { Limits } from './limits.ts';
import { strangerPage, wrongHostPage } from './pages.ts';
import { passRest } from './paced-body.ts';

/** What requests are answered from. */
export interface RequestSources {
  /** Answers `/media/…` and `/upload/…`. */
  readonly media: (request: Request) => Promise<Response>;
  /** The built renderer. */
  readonly rendererFolder: string;
  /** The address that is listened on. */
  readonly host: string;
  readonly limits: Limits;
}

function html(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  });
}

function plain(status: number, headers: Record<string, string> = {}): Response {
  return new Response(status === 204 ? null : STATUS_CODES[status], {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  });
}

/** What may be done at an address. Everything else is refused unread: fetch's `Request` does not even know TRACE. */
function methodsOf(pathname: string): readonly string[] {
  return pathname.startsWith('/upload/') ? ['PUT'] : ['GET', 'HEAD'];
}

/** What a visit to the front page with a token gets, and whatever comes without the cookie. */
function greet(request: IncomingMessage, access: Access, secret: string | null): Response {
  const known = access.isKnown(request.headers);
  const admitted = secret !== null && access.admits(secret);
  if (!known && !admitted) {
    // Not a loop: the second time the page itself is the sender, and the header names it.
    return html(401, strangerPage(secret === null && request.headers['sec-fetch-site'] === 'cross-site'));
  }
  const headers = new Headers({ location: admitted ? access.entrance() : '/', 'cache-control': 'no-store' });
  if (admitted) headers.set('set-cookie', access.cookie());
  return new Response(null, { status: 303, headers });
}

function createHandler({ media, rendererFolder, host, limits }: RequestSources, access: Access) {
  const files = createRendererFiles(rendererFolder);
  return async (request: IncomingMessage, signal: AbortSignal): Promise<Response> => {
    if (trustedHost(request.headers, host) === null) return html(421, wrongHostPage());
    const url = URL.parse(request.url ?? '', 'http://lenslet');
    if (url === null) return plain(400);
    const inside = access.withoutKey(url.pathname);
    const path = (url.pathname = inside ?? url.pathname);
    const methods = methodsOf(path);
    if (!methods.includes(request.method ?? '')) return plain(405, { allow: methods.join(', ') });
    const secret = path === '/' ? url.searchParams.get('token') : null;
    if (secret !== null || !access.isKnown(request.headers)) return greet(request, access, secret);
    const forward = (): Request => toFetchRequest(request, url, signal, limits.upload);
    // Asked by a page whose socket was refused: whether it is this browser that is not known.
    if (path === '/rpc') return plain(access.hasKey(request.headers) ? 204 : 401);
    if (path.startsWith('/upload/')) {
      if (!access.hasKey(request.headers)) return plain(401);
      return isSameOrigin(request.headers) ? media(forward()) : plain(403);
    }
    if (path.startsWith('/media/')) {
      if (inside === null) return plain(401);
      return isForeign(request.headers) ? plain(403) : media(forward());
    }
    // The key of an earlier start, from a bookmark.
    if (/^\/~[\w-]+\/$/.test(path)) return new Response(null, { status: 303, headers: { location: '/' } });
    return files(forward());
  };
}

/**
 * Makes the listener for requests. Every answer, refusals included, carries the security headers.
 * @param access who may come in
 */
export function createRequestListener(
  sources: RequestSources,
  access: Access,
  connections: Connections,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { host, limits } = sources;
  const handle = createHandler(sources, access);
  return async (request, response) => {
    const known = access.isKnown(request.headers);
    if (known) connections.admit(request.socket);
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    const result = await handle(request, gone.signal).catch((thrown: unknown) => {
      if (!gone.signal.aborted) logLine('lenslet: a request failed:', thrown);
      return plain(500);
    });
    const own = trustedHost(request.headers, host);
    // Not a byte of a stranger's body is waited for.
    const pace = known ? limits.upload : { bytes: Infinity, milliseconds: limits.refusal };
    response.once('finish', () => passRest(request, pace));
    const headers = securityHeaders(own === null ? [] : [`ws://${own}`]);
    await sendFetchResponse(result, response, headers, limits.reader);
  };
}
