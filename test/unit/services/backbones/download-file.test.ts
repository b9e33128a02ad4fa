import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';
import {
  type DownloadOptions,
  downloadFile,
  partOf,
} from '../../../../src-main/services/backbones/download-file.ts';
import { type FileServer, fileServer } from '../../../fixtures/photos/file-server.ts';

const content = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251);
const md5 = createHash('md5').update(content).digest('hex');

let folder: string;
let server: FileServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-download-'));
  server = await fileServer(content);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function target(): string {
  return join(folder, 'weights.h5');
}

function download(options: Partial<DownloadOptions> = {}): Promise<void> {
  return downloadFile({
    address: `${server.address}/weights.h5`,
    target: target(),
    bytes: content.byteLength,
    md5,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...options,
  });
}

async function failure(call: Promise<void>): Promise<AppError> {
  const error = await call.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw error;
}

function isWhole(): boolean {
  return Buffer.from(content).equals(readFileSync(target())) && !existsSync(partOf(target()));
}

describe('downloading a file', () => {
  it('gives the file, telling how far it is', async () => {
    const told: [number, number | null][] = [];
    await download({ onProgress: (received, total) => told.push([received, total]) });
    expect(isWhole()).toBe(true);
    // How many pieces come is for the network to say.
    expect(told.some(([received]) => received > 0 && received < content.byteLength)).toBe(true);
    expect(told.at(-1)).toEqual([content.byteLength, content.byteLength]);
    expect(told.map(([received]) => received)).toEqual(
      told.map(([received]) => received).sort((a, b) => a - b),
    );
  });

  it('goes on from where it broke off', async () => {
    server.manners = { breakAfter: 100_000 };
    const error = await failure(download());
    expect(error.code).toBe('BACKBONE_DOWNLOAD_INTERRUPTED');
    expect(existsSync(target())).toBe(false);
    const arrived = readFileSync(partOf(target())).byteLength;
    expect(arrived).toBeGreaterThan(0);
    server.manners = {};
    const told: number[] = [];
    await download({ onProgress: (received) => told.push(received) });
    expect(server.ranges.at(-1)).toBe(`bytes=${arrived}-`);
    expect(told[0]).toBe(arrived);
    expect(isWhole()).toBe(true);
  });

  it('begins anew where the server cannot go on', async () => {
    writeFileSync(partOf(target()), content.subarray(0, 70_000));
    server.manners = { wholeOnly: true };
    await download();
    expect(isWhole()).toBe(true);
  });

  it('begins anew where more is there than the file has', async () => {
    writeFileSync(partOf(target()), new Uint8Array(content.byteLength + 5));
    await download();
    expect(server.ranges).toEqual([`bytes=${content.byteLength + 5}-`, '']);
    expect(isWhole()).toBe(true);
  });

  it('is cancelled at once, and what came is kept', async () => {
    server.manners = { slowly: 2000 };
    const controller = new AbortController();
    const onProgress = (received: number): void => {
      if (received > 20_000) controller.abort();
    };
    expect((await failure(download({ signal: controller.signal, onProgress }))).code).toBe('CANCELLED');
    const { byteLength } = readFileSync(partOf(target()));
    expect(byteLength).toBeGreaterThan(20_000);
    expect(byteLength).toBeLessThan(200_000);
  });

  it('works without a known size', async () => {
    server.manners = { withoutLength: true };
    await download({ bytes: null });
    expect(isWhole()).toBe(true);
  });
});

describe('what is not the file', () => {
  it('of another content is removed', async () => {
    const error = await failure(download({ md5: '0'.repeat(32) }));
    expect(error.code).toBe('BACKBONE_DOWNLOAD_WRONG');
    expect(error.message).toContain(`Expected: MD5 ${'0'.repeat(32)}. Received: ${md5}.`);
    expect(existsSync(target()) || existsSync(partOf(target()))).toBe(false);
  });

  it('of another size is removed', async () => {
    const error = await failure(download({ bytes: 12, md5: null }));
    expect(error.code).toBe('BACKBONE_DOWNLOAD_WRONG');
    expect(existsSync(target()) || existsSync(partOf(target()))).toBe(false);
  });

  it('that a last look refuses is removed', async () => {
    const check = async (path: string): Promise<void> => {
      expect(readFileSync(path).byteLength).toBe(content.byteLength);
      throw new AppError('BACKBONE_WRONG_NETWORK', { path, found: 'VGG19', expected: 'VGG16' });
    };
    expect((await failure(download({ check }))).code).toBe('BACKBONE_WRONG_NETWORK');
    expect(existsSync(target()) || existsSync(partOf(target()))).toBe(false);
  });

  it('a web page in its place is never written', async () => {
    server.manners = { contentType: 'text/html; charset=utf-8' };
    expect((await failure(download())).code).toBe('BACKBONE_DOWNLOAD_NOT_A_FILE');
    expect(existsSync(partOf(target()))).toBe(false);
  });

  it('a refusal of the server says its status', async () => {
    server.manners = { status: 403 };
    const error = await failure(download());
    expect(error.code).toBe('BACKBONE_DOWNLOAD_REFUSED');
    expect(error.message).toContain('403');
  });

  it('no connection says which host', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const error = await failure(download({ address: `http://127.0.0.1:${port}/weights.h5` }));
    expect(error.code).toBe('BACKBONE_DOWNLOAD_OFFLINE');
    expect(error.message).toContain(`127.0.0.1:${port}`);
  });

  it('a folder that cannot be made says so', async () => {
    writeFileSync(join(folder, 'file'), '');
    const error = await failure(download({ target: join(folder, 'file', 'weights.h5') }));
    expect(error.code).toBe('FILE_UNWRITABLE');
  });
});
