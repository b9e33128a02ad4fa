/** What `lenslet://app/…` answers: the renderer's files and the media handler, under the same rules as on the web. */
import type { CustomScheme } from 'electron';
import { createRendererFiles } from '../page/renderer-files.ts';
import { securityHeaders } from '../page/security-headers.ts';
import { isOwnAddress, scheme } from './origin.ts';

/** A secure origin (for the camera) with fetch and streams; it bypasses nothing. */
export const privilegedScheme: CustomScheme = {
  scheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
};

/**
 * The handler for `protocol.handle`.
 * @param rendererFolder the built renderer
 * @param media answers `/media/…` and `/upload/…`
 */
export function createAppProtocol(
  rendererFolder: string,
  media: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
  const files = createRendererFiles(rendererFolder);
  return async (request) => {
    if (!isOwnAddress(request.url)) return new Response('Not found', { status: 404 });
    const ours = /^\/(media|upload)\//.test(new URL(request.url).pathname);
    const answer = await (ours ? media : files)(request);
    const headers = new Headers(answer.headers);
    for (const [name, value] of Object.entries(securityHeaders())) headers.set(name, value);
    return new Response(answer.body, { status: answer.status, headers });
  };
}
