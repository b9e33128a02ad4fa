import { describe, expect, test } from 'vitest';
import { compileArguments } from '../../../../../scripts/setup/tensorflow/addon.mjs';
import { downloadArguments } from '../../../../../scripts/setup/tensorflow/python.mjs';
import { libraryArchives } from '../../../../../scripts/setup/tensorflow/archives.mjs';
import {
  hasNvidia,
  runtimeOptions,
  unavailable,
  wantedKinds,
} from '../../../../../scripts/setup/tensorflow/selection.mjs';
import { wheelsFor } from '../../../../../scripts/setup/tensorflow/wheels.mjs';

const yes = (): boolean => true;
const no = (): boolean => false;

describe('which runtimes are wanted', () => {
  test('the processor’s where there is no GPU, both where there is one', () => {
    expect(wantedKinds({}, no)).toEqual(['cpu']);
    expect(wantedKinds({}, yes)).toEqual(['gpu', 'cpu']);
  });

  test('--gpu and --cpu overrule what is found', () => {
    expect(wantedKinds({ gpu: true }, no)).toEqual(['gpu', 'cpu']);
    expect(wantedKinds({ cpu: true }, yes)).toEqual(['cpu']);
  });

  test.each(['/proc/driver/nvidia/version', '/dev/nvidia0'])('a GPU on Linux shows as %s', (file) => {
    expect(hasNvidia('linux', (path) => path === file)).toBe(true);
  });

  test('a GPU under Windows’ Linux shows as two files, of which one alone means nothing', () => {
    const files = ['/dev/dxg', '/usr/lib/wsl/lib/libcuda.so.1'];
    expect(hasNvidia('linux', (path) => files.includes(path))).toBe(true);
    expect(hasNvidia('linux', (path) => path === '/dev/dxg')).toBe(false);
    expect(hasNvidia('linux', no)).toBe(false);
    expect(hasNvidia('darwin', yes)).toBe(false);
  });
});

describe('where runtimes come from', () => {
  test('Linux takes the wheel, then the archive', () => {
    expect(runtimeOptions(['cpu'], 'linux-x64', '4.22.0')).toEqual([
      { id: '2.18.1-cpu-linux-x64-4.22.0', kind: 'cpu', source: 'wheel' },
      { id: '2.9.1-cpu-linux-x64-4.22.0-7f510d25', kind: 'cpu', source: 'archive' },
    ]);
  });

  test('a GPU that fails leaves the processor’s runtimes to try', () => {
    expect(runtimeOptions(['gpu', 'cpu'], 'linux-x64', '4.22.0').map(({ id }) => id)).toEqual([
      '2.18.1-gpu-linux-x64-4.22.0',
      '2.18.1-cpu-linux-x64-4.22.0',
      '2.9.1-cpu-linux-x64-4.22.0-7f510d25',
    ]);
  });

  test.each([
    ['darwin-arm64', ['2.18.1-cpu-darwin-arm64-4.22.0']],
    ['darwin-x64', ['2.9.1-cpu-darwin-x64-4.22.0-56f83d33']],
    ['win32-x64', []],
    ['freebsd-x64', []],
  ])('%s has what has a known SHA-256', (platform, ids) => {
    expect(runtimeOptions(['gpu', 'cpu'], platform, '4.22.0').map(({ id }) => id)).toEqual(ids);
  });

  test.each(['win32-x64', 'freebsd-x64'])('%s is told why it has none, and what goes on', (platform) => {
    expect(unavailable('cpu', platform).reason).toContain('known SHA-256');
    expect(unavailable('cpu', platform).remedy).toContain('slower engine');
    expect(unavailable('gpu', platform).remedy).toContain('Linux');
  });

  test('64-bit Arm under Linux has a wheel of its own', () => {
    expect(wheelsFor('cpu', 'linux-arm64')?.platforms[0]).toBe('manylinux_2_17_aarch64');
    expect(wheelsFor('gpu', 'linux-arm64')).toBeNull();
  });
});

describe('how they are made', () => {
  test('pip fetches the pinned wheels and nothing that they ask for', () => {
    const args = downloadArguments(wheelsFor('gpu', 'linux-x64')!, '/stage');
    expect(args).toEqual(expect.arrayContaining(['download', '--no-deps', '--only-binary=:all:', '/stage']));
    expect(args).toEqual(expect.arrayContaining(['tensorflow==2.18.1', 'nvidia-cudnn-cu12==9.3.0.75']));
    expect(args.filter((arg) => arg.includes('=='))).toHaveLength(13);
  });

  test('every wheel is pinned by a SHA-256 of its own', () => {
    for (const [kind, platform] of [
      ['cpu', 'linux-x64'],
      ['cpu', 'linux-arm64'],
      ['gpu', 'linux-x64'],
      ['cpu', 'darwin-arm64'],
    ] as const) {
      const hashes = wheelsFor(kind, platform)!.wheels.map(({ sha256 }) => sha256);
      for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(new Set(hashes).size).toBe(hashes.length);
    }
  });

  test('every archive is one of the engine’s TensorFlow 2.9 or newer, pinned by a SHA-256', () => {
    for (const { version, path, sha256 } of Object.values(libraryArchives)) {
      expect(Number(/^2\.(\d+)\.\d+$/.exec(version)?.[1])).toBeGreaterThanOrEqual(9);
      expect(path).toContain(version);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  test.each([
    ['linux', 'libtensorflow.so.2', '-l:libtensorflow.so.2', '-Wl,-rpath,$ORIGIN/../../deps/lib'],
    ['darwin', 'libtensorflow.2.dylib', '/l/libtensorflow.2.dylib', '-Wl,-rpath,@loader_path/../../deps/lib'],
  ] as const)('on %s the addon finds TensorFlow beside itself', (platform, name, linked, path) => {
    const libraries = { folder: '/l', names: [name] };
    const places = { modules: '/m', include: '/i', libraries, output: '/o.node' };
    const args = compileArguments(places, platform);
    expect(args).toEqual(expect.arrayContaining([linked, path, '-DNAPI_VERSION=8']));
  });
});
