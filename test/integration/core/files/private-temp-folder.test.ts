/** Temporary files with real processes: killed ones, living ones, and those of other users. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Interface, createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownProcessMark } from '../../../../src-main/core/files/process-mark.ts';
import { noisePicture } from '../../../fixtures/photos/photos.ts';

const script = join(import.meta.dirname, '../../../fixtures/temp-folder-owner.ts');
const isRoot = process.getuid?.() === 0;
const stranger = 65534;

let parent: string;
let shared: string;
let photo: string;
let children: ChildProcess[];

beforeEach(async () => {
  parent = mkdtempSync(join(tmpdir(), 'lenslet-temp-'));
  chmodSync(parent, 0o755);
  shared = join(parent, 'tmp');
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  photo = join(parent, 'photo.jpg');
  writeFileSync(photo, await noisePicture(1));
  children = [];
});
afterEach(async () => {
  for (const child of children) await end(child, 'SIGKILL');
  rmSync(parent, { recursive: true, force: true });
});

interface Owner {
  readonly child: ChildProcess;
  readonly lines: Interface;
  /** Where its pixels are, or the code of the error. */
  readonly said: string;
}

async function nextLine(lines: Interface): Promise<string> {
  return String((await once(lines, 'line'))[0]);
}

async function start(options: { uid?: number; shell?: string } = {}): Promise<Owner> {
  const { uid, shell } = options;
  const words = [script, photo];
  const [command, args] =
    shell === undefined
      ? [process.execPath, words]
      : ['sh', ['-c', `${shell}; exec "$@"`, 'sh', process.execPath, ...words]];
  const env = { ...process.env, TMPDIR: shared };
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env, uid, gid: uid });
  children.push(child);
  const lines = createInterface(child.stdout);
  return { child, lines, said: await nextLine(lines) };
}

async function again({ child, lines }: Owner): Promise<string> {
  const next = nextLine(lines);
  child.stdin!.write('again\n');
  return next;
}

async function end(child: ChildProcess, signal?: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  if (signal === undefined) child.stdin!.end();
  else child.kill(signal);
  await closed;
}

const mode = (path: string): number => statSync(path).mode & 0o777;
const left = (): string[] => readdirSync(shared).sort();

test('keeps temporary files in a folder that only its user may enter, and removes it at the end', async () => {
  const { child, said } = await start();
  expect(dirname(dirname(said))).toBe(shared);
  expect(mode(dirname(said))).toBe(0o700);
  expect(existsSync(said)).toBe(true);
  await end(child);
  expect(left()).toEqual([]);
});

test('two users of one computer can both predict', async () => {
  const first = await start();
  const second = await start(isRoot ? { uid: stranger } : {});
  expect([first.said, second.said].map((said) => existsSync(said))).toEqual([true, true]);
  expect(dirname(first.said)).not.toBe(dirname(second.said));
  expect(statSync(second.said).uid).toBe(isRoot ? stranger : process.getuid?.());
});

describe('the next start', () => {
  test('removes what a killed process has left, and keeps the folder of one that runs', async () => {
    const killed = await start();
    const running = await start();
    await end(killed.child, 'SIGKILL');
    expect(existsSync(killed.said)).toBe(true);
    const next = await start();
    expect(left()).toEqual([running, next].map(({ said }) => basename(dirname(said))).sort());
    expect(existsSync(running.said)).toBe(true);
  });

  test('removes the folder of a process whose number another one has now', async () => {
    const running = await start();
    const name = basename(dirname(running.said));
    const mark = name.split('-')[4];
    const [of, fake] = [join(shared, name), join(shared, name.replace(mark, '00000000'))];
    await end(running.child, 'SIGKILL');
    // As the killed one's, but with the number of this process, which runs.
    const reused = fake.replace(`-${running.child.pid}-`, `-${process.pid}-`);
    renameSync(of, reused);
    await start();
    expect(existsSync(reused)).toBe(false);
  });

  test('leaves alone what another user, a link or another program has put there under such a name', async () => {
    const killed = await start();
    await end(killed.child, 'SIGKILL');
    const name = basename(dirname(killed.said));
    rmSync(dirname(killed.said), { recursive: true });
    const named = (suffix: string): string => join(shared, name.slice(0, -6) + suffix);

    const outside = join(parent, 'holiday');
    mkdirSync(outside, { mode: 0o700 });
    writeFileSync(join(outside, 'photo.jpg'), 'a photo');
    symlinkSync(outside, named('LinkAA'));
    writeFileSync(named('FileAA'), 'a file');
    mkdirSync(named('OpenAA'), { mode: 0o755 });
    mkdirSync(named('tooLongAA'), { mode: 0o700 });
    mkdirSync(join(shared, 'lenslet-holiday'), { mode: 0o700 });
    if (isRoot) {
      mkdirSync(named('OtherA'), { mode: 0o700 });
      chownSync(named('OtherA'), stranger, stranger);
    }
    const before = left();
    const { said } = await start();
    expect(left()).toEqual([...before, basename(dirname(said))].sort());
    expect(readdirSync(outside)).toEqual(['photo.jpg']);
  });

  test('removes links inside a folder without following them', async () => {
    const killed = await start();
    await end(killed.child, 'SIGKILL');
    const outside = join(parent, 'holiday');
    mkdirSync(outside);
    writeFileSync(join(outside, 'photo.jpg'), 'a photo');
    symlinkSync(outside, join(dirname(killed.said), 'link'));
    await start();
    expect(existsSync(dirname(killed.said))).toBe(false);
    expect(readdirSync(outside)).toEqual(['photo.jpg']);
  });

  test('keeps another computer’s or container’s folder until nothing has happened in it for a week', async () => {
    const owner = await start();
    await end(owner.child, 'SIGKILL');
    const [, , space] = basename(dirname(owner.said)).split('-');
    const theirs = dirname(owner.said).replace(`-${space}-`, '-00000000-');
    renameSync(dirname(owner.said), theirs);
    await start();
    expect(existsSync(theirs)).toBe(true);
    const longAgo = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000);
    utimesSync(theirs, longAgo, longAgo);
    await start();
    expect(existsSync(theirs)).toBe(false);
  });
});

describe('while it runs', () => {
  test('makes another folder when a cleaner has removed the first', async () => {
    const owner = await start();
    rmSync(dirname(owner.said), { recursive: true });
    const said = await again(owner);
    expect(existsSync(said)).toBe(true);
    expect(mode(dirname(said))).toBe(0o700);
    await end(owner.child);
    expect(left()).toEqual([]);
  });

  test('does not use a link or a folder that has been put in the place of its own', async () => {
    const owner = await start();
    const path = dirname(owner.said);
    const outside = join(parent, 'trap');
    mkdirSync(outside, { mode: 0o700 });
    for (const plant of [() => symlinkSync(outside, path), () => mkdirSync(path, { mode: 0o777 })]) {
      rmSync(path, { recursive: true, force: true });
      plant();
      const said = await again(owner);
      expect(existsSync(said)).toBe(true);
      expect(dirname(said)).not.toBe(path);
    }
    await end(owner.child);
    expect(left()).toEqual([basename(path)]);
    expect(readdirSync(outside)).toEqual([]);
  });
});

describe('where the temporary folder cannot be written', () => {
  test('a full disk is DISK_FULL, and nothing is left behind', async () => {
    const { child, said } = await start({ shell: 'ulimit -f 0' });
    expect(said).toBe('DISK_FULL');
    await end(child);
    expect(left()).toEqual([]);
  });

  test('a folder that is missing or not ours to write is FILE_UNWRITABLE', async () => {
    chmodSync(shared, 0o555);
    expect((await start(isRoot ? { uid: stranger } : {})).said).toBe('FILE_UNWRITABLE');
    rmSync(shared, { recursive: true });
    expect((await start()).said).toBe('FILE_UNWRITABLE');
  });
});

test('a process has one mark for as long as it runs', () => {
  expect(ownProcessMark()).toMatch(process.platform === 'linux' ? /^[0-9a-f]{8}$/ : /^t\d+$/);
  expect(ownProcessMark()).toBe(ownProcessMark());
});
