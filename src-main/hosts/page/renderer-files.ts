/** The built renderer as a fetch-style handler, mounted by the web server and by Electron's protocol. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { realInside } from '../../core/files/join-inside.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

const missingPage =
  '<!doctype html><meta charset="utf-8"><title>Lenslet</title><h1>The page is not built yet</h1>' +
  '<p>Run <code>npm run build:renderer</code> in the Lenslet folder, then reload.</p>';

function plain(status: number, text: string, more: Record<string, string> = {}): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...more } });
}

/** The file under `folder` that a request path names; null when it names nothing inside it. */
function locate(folder: string, pathname: string): string | null {
  try {
    const decoded = decodeURIComponent(pathname).slice(1);
    // A colon is another stream of a file, or another drive, on Windows.
    if (/[\\:]/.test(decoded)) return null;
    return realInside(folder, decoded === '' || decoded.endsWith('/') ? `${decoded}index.html` : decoded);
  } catch {
    return null;
  }
}

/**
 * Serves one folder of files. Files under `assets/` carry their hash in the name and are kept for ever by the
 * browser; all others are requested again each time and answered with 304 while they have not changed.
 * @param folder the built renderer
 * @returns a handler for GET and HEAD that answers 200, 304, 404 or 405 and never throws for a bad address
 */
export function createRendererFiles(folder: string): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return plain(405, 'Method not allowed', { allow: 'GET, HEAD' });
    const { pathname } = new URL(request.url);
    const path = locate(folder, pathname);
    const info = path === null ? null : await stat(path).catch(() => null);
    if (path === null || info === null || !info.isFile()) {
      if (pathname !== '/') return plain(404, 'Not found');
      return new Response(missingPage, {
        status: 503,
        headers: { 'content-type': 'text/html; charset=utf-8' },
      });
    }
    const etag = `"${info.size.toString(36)}-${Math.floor(info.mtimeMs).toString(36)}"`;
    const headers = {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      'content-length': String(info.size),
      'cache-control': pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag,
    };
    if (request.headers.get('if-none-match') === etag)
      return new Response(null, { status: 304, headers: { etag } });
    if (request.method === 'HEAD') return new Response(null, { headers });
    return new Response(Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>, { headers });
  };
}
