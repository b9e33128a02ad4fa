import { describe, expect, test } from 'vitest';
import { compileArguments } from '../../../scripts/setup/tensorflow/addon.mjs';
import { downloadArguments } from '../../../scripts/setup/tensorflow/python.mjs';
import { hasNvidia, runtimeOptions, wantedKinds } from '../../../scripts/setup/tensorflow/selection.mjs';
import { wheelsFor } from '../../../scripts/setup/tensorflow/wheels.mjs';

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
  test('Linux takes the wheel, then the official download', () => {
    expect(runtimeOptions(['cpu'], 'linux-x64', '4.22.0')).toEqual([
      { id: '2.18.1-cpu-linux-x64-4.22.0', kind: 'cpu', source: 'wheel' },
      { id: '2.9.1-cpu-linux-x64-4.22.0', kind: 'cpu', source: 'official' },
    ]);
  });

  test('a GPU that fails leaves the processor’s runtimes to try', () => {
    expect(runtimeOptions(['gpu', 'cpu'], 'linux-x64', '4.22.0').map(({ id }) => id)).toEqual([
      '2.18.1-gpu-linux-x64-4.22.0',
      '2.18.1-cpu-linux-x64-4.22.0',
      '2.9.1-cpu-linux-x64-4.22.0',
    ]);
  });

  test.each([
    ['darwin-arm64', ['2.9.1-cpu-darwin-arm64-4.22.0']],
    ['win32-x64', ['2.9.1-gpu-win32-x64-4.22.0', '2.9.1-cpu-win32-x64-4.22.0']],
  ])('%s has the official download alone', (platform, ids) => {
    expect(runtimeOptions(['gpu', 'cpu'], platform, '4.22.0').map(({ id }) => id)).toEqual(ids);
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
    ] as const) {
      const hashes = wheelsFor(kind, platform)!.wheels.map(({ sha256 }) => sha256);
      for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(new Set(hashes).size).toBe(hashes.length);
    }
  });

  test('the addon finds TensorFlow beside itself, wherever the runtime lies', () => {
    const args = compileArguments({ modules: '/m', include: '/i', libraries: '/l', output: '/o.node' });
    expect(args).toContain('-Wl,-rpath,$ORIGIN/../../deps/lib');
    expect(args).toContain('-DNAPI_VERSION=8');
  });
});
