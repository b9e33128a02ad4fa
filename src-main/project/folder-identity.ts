/**
 * Whether the project's folder is still the one that was opened. On Linux and macOS an open database goes on as if
 * nothing had happened when its file is removed or moved: edits would be acknowledged and lost, or end up elsewhere.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../contract/shared/errors.ts';

/** Files that edits are written to. The log beside the database exists only while it is open. */
const watched = ['project.db', 'project.db-wal'] as const;

/** Device and inode of a file; null when there is none that can be reached. */
function identify(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}/${ino}`;
  } catch {
    return null;
  }
}

/** What a project's folder was when it was opened. The files are held open, so that their inodes are not given anew. */
export class FolderIdentity {
  readonly #folder: string;
  readonly #opened: ReadonlyMap<string, string>;

  /** @param folder of a database that is open and was written to, or read from, already */
  constructor(folder: string) {
    this.#folder = folder;
    const found = watched.map((name) => [name, identify(join(folder, name))] as const);
    this.#opened = new Map(
      found.flatMap(([name, identity]) => (identity === null ? [] : [[name, identity]])),
    );
  }

  /** True while all files are those that were opened. Costs a `stat` of two files. */
  isThere(): boolean {
    return [...this.#opened].every(([name, identity]) => identify(join(this.#folder, name)) === identity);
  }

  /**
   * True when other files lie in their place: closing the database would then remove the log of a database that is not
   * ours.
   */
  isReplaced(): boolean {
    return [...this.#opened].some(([name, identity]) => {
      const present = identify(join(this.#folder, name));
      return present !== null && present !== identity;
    });
  }

  /** @throws AppError PROJECT_GONE when the folder was removed, moved or replaced, or its drive is gone */
  require(): void {
    if (!this.isThere()) throw new AppError('PROJECT_GONE', { path: this.#folder });
  }
}
