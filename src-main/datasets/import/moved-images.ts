/** Images whose files are gone, and that an import finds again at another place. */
import { existsSync } from 'node:fs';
import type { KnownContent } from '../../project/images/image-lookups.ts';
import { createLenientLocator } from '../tiles/image-location.ts';

/** Tells which image a file at a new place stands for from now on. */
export class MovedImages {
  readonly #locate: ReturnType<typeof createLenientLocator>;
  /** Each image moves once in an import: a second file of the same content is a copy. */
  readonly #taken = new Set<number>();

  /** @param projectFolder the folder of the project whose images they are */
  constructor(projectFolder: string) {
    this.#locate = createLenientLocator(projectFolder);
  }

  /**
   * Of images with one content, the id of one whose file is no longer where it was imported from; null when all are in
   * their places. An image is given away once.
   */
  take(copies: readonly KnownContent[]): number | null {
    const isGone = (copy: KnownContent): boolean => {
      const { path } = this.#locate(copy);
      return path === null || !existsSync(path);
    };
    const gone = copies.find((copy) => !this.#taken.has(copy.id) && isGone(copy));
    if (gone === undefined) return null;
    this.#taken.add(gone.id);
    return gone.id;
  }
}
