/** What an interrupted Lenslet may leave in a project, and a clean one may not. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

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

/** True while a process of this id is there, a zombie not counted. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
