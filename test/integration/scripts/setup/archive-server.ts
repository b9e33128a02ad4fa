/** A server on this machine that hands out one file, as well or as badly as a test wants it, and knows ranges. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ArchiveServer {
  readonly url: string;
  readonly server: Server;
  /** The Range header of each request; empty where there was none. */
  readonly ranges: string[];
  close(): Promise<void>;
}

/** Answers with a file from where the request wants it. */
export function sendFile(bytes: Buffer, request: IncomingMessage, response: ServerResponse): void {
  sendPart(bytes, bytes.length, request, response);
  response.end();
}

/** Answers as if the whole file came, but sends nothing behind `end`; the response stays open. */
export function sendPart(
  bytes: Buffer,
  end: number,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.statusCode = start > 0 ? 206 : 200;
  response.setHeader('content-length', bytes.length - start);
  if (start > 0) response.setHeader('content-range', `bytes ${start}-${bytes.length - 1}/${bytes.length}`);
  response.write(bytes.subarray(start, end));
}

/** Starts the server. */
export async function startServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<ArchiveServer> {
  const ranges: string[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range ?? '');
    answer(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    server,
    ranges,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
