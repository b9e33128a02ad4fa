/** `lenslet serve` ends by Ctrl-C, whoever holds a connection and whatever is under way. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { closeInTime } from '../../../../src-main/hosts/cli/close-in-time.ts';
import { createOutput } from '../../../../src-main/hosts/cli/output.ts';
import { startLenslet } from '../../../fixtures/command-line.ts';

const home = mkdtempSync(join(tmpdir(), 'lenslet-serve-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function stranger(port: number, text: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(text);
  return socket.pause();
}

test('Ctrl-C ends the server although strangers keep their refused connections', async () => {
  const server = startLenslet(home, ['serve', '--no-open', '--port', '0']);
  const [, port] = await server.printed(/^http:\/\/127\.0\.0\.1:(\d+)\//);
  const upgrade = `GET /rpc HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
  const held = await Promise.all(
    Array.from({ length: 40 }, (_, i) => stranger(Number(port), i % 2 === 0 ? upgrade : 'GET / HT')),
  );
  server.child.kill('SIGINT');
  const { code, stderr } = await server.finished;
  expect([code, stderr]).toEqual([0, 'Stopping… (Ctrl-C again to stop at once)\n']);
  for (const socket of held) socket.destroy();
});

function quietOutput() {
  const written: string[] = [];
  const sink = { write: (text: string) => void written.push(text) };
  return { written, output: createOutput(false, sink, sink) };
}

const never = (): Promise<void> => new Promise(() => undefined);

test('what never ends is cut off with 130 some time after Ctrl-C, and not before', async () => {
  const { written, output } = quietOutput();
  const codes: number[] = [];
  const interrupt = new AbortController();
  const closed = closeInTime(output, interrupt.signal, never, 0, (code) => void codes.push(code));
  await new Promise((resolve) => setTimeout(resolve, 1));
  expect(codes).toEqual([]);
  interrupt.abort();
  await closed;
  expect(codes).toEqual([130]);
  expect(written.join('')).toContain('cut off');
});

test('a clean stop is waited for and its failure is thrown', async () => {
  const { output } = quietOutput();
  const codes: number[] = [];
  const exit = (code: number): void => void codes.push(code);
  await closeInTime(output, AbortSignal.abort(), async () => undefined, 20, exit);
  const failing = closeInTime(output, AbortSignal.abort(), () => Promise.reject(new Error('why')), 20, exit);
  await expect(failing).rejects.toThrow('why');
  expect(codes).toEqual([]);
});
