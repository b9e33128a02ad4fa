import { createHash } from 'node:crypto';
import type { FoundFile } from './find-files.ts';

/** What a file of a network outside the registry is called in settings: stable, and without a path. */
export function ownReference({ path, title }: Pick<FoundFile, 'path' | 'title'>): string {
  return `own:${title}#${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
}

/** What a file is called in the list. */
export function fileId(path: string): string {
  return `file-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
}
