/** Requests over HTTP without what browsers add: Ray takes `fetch` for a page and refuses it. */
import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';

/** A request. */
export interface PlainRequest {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | undefined;
  readonly signal: AbortSignal;
}

/** An answer, read whole. */
export interface PlainAnswer {
  readonly status: number;
  readonly text: string;
}

/** Asks a server. Redirects are not followed. @throws the system's error, or AbortError */
export function plainRequest(
  url: string,
  { method, headers, body, signal }: PlainRequest,
): Promise<PlainAnswer> {
  const ask = url.startsWith('https:') ? overHttps : overHttp;
  const bytes = body === undefined ? undefined : Buffer.from(body as Uint8Array);
  const length = bytes === undefined ? {} : { 'Content-Length': String(bytes.byteLength) };
  return new Promise((resolve, reject) => {
    const sent = ask(url, { method, headers: { ...headers, ...length }, signal }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('error', reject);
      answer.once('end', () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
      );
    });
    sent.once('error', reject);
    sent.end(bytes);
  });
}
