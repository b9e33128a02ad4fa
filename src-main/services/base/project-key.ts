/** Keys of project folders and of the contents of photos. */
import { createHash } from 'node:crypto';
import type { Project } from '../../project/project.ts';

/**
 * Names a project folder in addresses and requests. A copied folder has the id of the original, so the place counts as
 * well; the same folder has the same key in every session.
 */
export function projectKey({ id, folder }: Pick<Project, 'id' | 'folder'>): string {
  return createHash('sha256').update(`${id}\0${folder}`).digest('hex').slice(0, 16);
}

/** Names the content of a photo in addresses. @param hash SHA-256 of its file in hexadecimal */
export function photoVersion(hash: string): string {
  return hash.slice(0, 16);
}
