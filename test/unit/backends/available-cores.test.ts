import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { availableCores } from '../../../src-main/backends/available-cores.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-cores-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What 16 cores are worth under control groups laid out like this: path below the mount → content. */
function cores(membership: string, files: Record<string, string>): number {
  writeFileSync(join(folder, 'membership'), membership);
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, 'mount', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return availableCores(16, { membership: join(folder, 'membership'), mount: join(folder, 'mount') });
}

const v1 = '5:memory:/docker/ab\n3:cpu,cpuacct:/docker/ab\n0::/\n';

test.each<[string, number, string, Record<string, string>]>([
  ['no control groups', 16, '', {}],
  ['version 2, no limit', 16, '0::/\n', { 'cpu.max': 'max 100000\n' }],
  ['version 2, in a container', 3, '0::/\n', { 'cpu.max': '300000 100000\n' }],
  ['version 2, part of a core', 1, '0::/\n', { 'cpu.max': '20000 100000\n' }],
  ['version 2, one and a half cores', 2, '0::/\n', { 'cpu.max': '150000 100000\n' }],
  [
    'version 2, limited further up',
    2,
    '0::/user/app\n',
    { 'user/cpu.max': '200000 100000', 'user/app/cpu.max': 'max 100000' },
  ],
  ['version 2, more than there are', 16, '0::/\n', { 'cpu.max': '6400000 100000\n' }],
  ['version 2 beside version 1', 4, '0::/app\n', { 'unified/app/cpu.max': '400000 100000' }],
  [
    'version 1, no limit',
    16,
    v1,
    { 'cpu,cpuacct/docker/ab/cpu.cfs_quota_us': '-1', 'cpu,cpuacct/docker/ab/cpu.cfs_period_us': '100000' },
  ],
  [
    'version 1',
    2,
    v1,
    {
      'cpu,cpuacct/docker/ab/cpu.cfs_quota_us': '200000',
      'cpu,cpuacct/docker/ab/cpu.cfs_period_us': '100000',
    },
  ],
  [
    'version 1, seen from inside the container',
    5,
    v1,
    { 'cpu/cpu.cfs_quota_us': '250000', 'cpu/cpu.cfs_period_us': '50000' },
  ],
])('%s: %i of 16', (_, expected, membership, files) => {
  expect(cores(membership, files)).toBe(expected);
});

test('a real limit of one core is seen', (context) => {
  const group = `/sys/fs/cgroup/cpu/lenslet-test-${process.pid}`;
  try {
    mkdirSync(group);
    writeFileSync(`${group}/cpu.cfs_quota_us`, '100000');
  } catch {
    rmSync(group, { recursive: true, force: true });
    return context.skip(
      'control groups of version 1 can only be made by the superuser of a Linux that has them',
    );
  }
  try {
    const module = join(import.meta.dirname, '../../../src-main/backends/available-cores.ts');
    const script = `import { availableCores } from '${module}'; console.log(availableCores());`;
    const command = `echo $$ > ${group}/cgroup.procs && exec "$0" --input-type=module-typescript -e "$1"`;
    expect(execFileSync('sh', ['-c', command, process.execPath, script], { encoding: 'utf8' })).toBe('1\n');
  } finally {
    rmdirSync(group);
  }
});
