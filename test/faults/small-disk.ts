/** A disk of a few megabytes that can be filled up and emptied. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Why no small disk can be made here; null when it can. */
export function noSmallDisk(): string | null {
  const root = process.platform === 'linux' && process.getuid?.() === 0;
  return root ? null : 'a small disk can only be made by the superuser on Linux';
}

/** A mounted disk. */
export interface SmallDisk {
  readonly folder: string;
  /** Fills it until only so many bytes are free. */
  fill(left: number): void;
  /** Frees what `fill` took. */
  empty(): void;
  unmount(): void;
}

/** Mounts a disk of this size, such as `8m`, on a new folder. */
export function mountSmallDisk(folder: string, size: string): SmallDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  return {
    folder,
    fill(left) {
      const { bavail, bsize } = statfsSync(folder);
      const file = openSync(filler, 'a');
      try {
        let bytes = bavail * bsize - left;
        while (bytes > 0) bytes -= writeSync(file, new Uint8Array(Math.min(bytes, 2 ** 20)));
      } finally {
        closeSync(file);
      }
    },
    empty: () => rmSync(filler, { force: true }),
    unmount: () => void execFileSync('umount', ['-l', folder]),
  };
}
