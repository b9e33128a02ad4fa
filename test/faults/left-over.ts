/** What an interrupted Lenslet may leave in a project, and a clean one may not. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Names that Lenslet gives to what is not finished yet. */
const unfinished = /^\.(partial|adding|removed|backup|tmp)-|\.(tmp|partial)$|-journal$/;

/** Files in a project that was opened and closed properly but that only unfinished work has. */
export function leftInProject(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(({ name }) => unfinished.test(name))
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
  for (const name of ['project.lock.pid', 'project.db-wal', 'project.db-shm']) {
    if (existsSync(join(folder, name))) found.push(name);
  }
  return found.map((path) => `${basename(folder)}/${path}`);
}

/** Milliseconds that a process gets to end after a signal, or to notice that the one that started it is gone. */
const patience = 20_000;

/**
 * Waits until a process has ended.
 * @param pid its id, or minus that of a process group
 * @returns false when it is still there after 20 seconds
 */
export async function hasEnded(pid: number): Promise<boolean> {
  const deadline = performance.now() + patience;
  while (isAlive(pid) && performance.now() < deadline) await wait(50);
  return !isAlive(pid);
}

/** True while a process of this id, or of this group when negative, is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
