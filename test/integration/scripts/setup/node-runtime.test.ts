/** Getting Node.js from a registry on this machine: right, changed, cut short, and after a set-up that was killed. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bundledNode, fetchNode, linkNode } from '../../../../scripts/setup/node-runtime.mjs';
import { nodePackages } from '../../../../scripts/setup/node-packages.mjs';

const name = 'node-for-the-test';
const version = '24.99.0';
let folder: string;
let checkout: string;
let server: Server;
let tarball: Buffer;
let integrity: string;

const hashOf = (bytes: Buffer): string => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/** A package whose Node.js prints its version, as npm packs it. */
function pack(): Buffer {
  const bin = join(folder, 'package', 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(folder, 'package', 'package.json'), JSON.stringify({ name, version }));
  writeFileSync(join(bin, 'node'), `#!/bin/sh\necho v${version}\n`, { mode: 0o755 });
  const path = join(folder, 'package.tgz');
  execFileSync('tar', ['-czf', path, '-C', folder, 'package']);
  return readFileSync(path);
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-node-'));
  checkout = join(folder, 'checkout');
  tarball = pack();
  integrity = hashOf(tarball);
  server = createServer((request, response) => {
    if (request.url?.endsWith('.tgz')) return void response.end(tarball);
    const origin = `http://${request.headers.host}`;
    const dist = { tarball: `${origin}/${name}/-/${name}-${version}.tgz`, integrity: hashOf(tarball) };
    const versions = { [version]: { name, version, dist } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('npm_config_registry', `http://127.0.0.1:${port}/`);
  vi.stubEnv('npm_config_cache', join(folder, 'npm-cache'));
  vi.stubEnv('npm_config_fetch_retries', '0');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true, force: true });
});

const reporter: Parameters<typeof fetchNode>[1] = {
  note: () => undefined,
  step: (_, work) => work(() => undefined),
};
const fetchIt = (): Promise<void> => fetchNode(checkout, reporter, { name, version, integrity });
const stage = (): string => join(checkout, 'node_modules', '.lenslet', 'node-stage');

test('installs the package with the pinned hash, also over what a killed set-up has left', async () => {
  mkdirSync(join(stage(), 'node_modules', name), { recursive: true });
  writeFileSync(join(stage(), 'package-lock.json'), '{"cut sho');
  await fetchIt();
  expect(execFileSync(bundledNode(checkout), { encoding: 'utf8' })).toBe(`v${version}\n`);
  expect(existsSync(stage())).toBe(false);
});

test('puts it where npm scripts look, which npm does only for a file that is there when it installs', async () => {
  await fetchIt();
  const found = join(checkout, 'node_modules', '.bin', 'node');
  expect(existsSync(found)).toBe(false);
  linkNode(checkout);
  linkNode(checkout);
  expect(execFileSync(found, { encoding: 'utf8' })).toBe(`v${version}\n`);
});

test('refuses a package with another hash, even when the registry vouches for it, and the next try succeeds', async () => {
  const right = tarball;
  for (const wrong of [Buffer.concat([right, Buffer.from([0])]), right.subarray(0, right.length - 20)]) {
    tarball = wrong;
    await expect(fetchIt()).rejects.toMatchObject({ name: 'StepFailure' });
    expect(existsSync(bundledNode(checkout))).toBe(false);
    expect(existsSync(stage())).toBe(false);
  }
  tarball = right;
  rmSync(join(folder, 'npm-cache'), { recursive: true, force: true });
  await fetchIt();
  expect(existsSync(bundledNode(checkout))).toBe(true);
});

test('every platform’s package is Node.js 24 with a SHA-512', () => {
  for (const pinned of Object.values(nodePackages)) {
    expect(pinned.version).toMatch(/^24\.\d+\.\d+$/);
    expect(pinned.integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
  }
});
