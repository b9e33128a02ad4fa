/** Project folders that the user named outside the window: on the command line, in a file manager, on the dock. */
import { basename, dirname, resolve } from 'node:path';
import type { IpcMain, WebContents } from 'electron';
import { isOurPage } from './renderer-port.ts';

/** Channel names; the preload uses the same. */
export const projectChannels = {
  want: 'lenslet:want-named-projects',
  named: 'lenslet:named-project',
} as const;

export interface NamedProjectsOptions {
  readonly ipcMain: IpcMain;
  /** Remembers a path and returns the id the page may use. */
  readonly addPick: (path: string) => Promise<string>;
}

/** The folder that a word of the command line names, or a file in it; undefined without one. */
export function namedFolder(words: readonly string[], workingFolder: string): string | undefined {
  const word = words.findLast((one) => !one.startsWith('-'));
  if (word === undefined) return undefined;
  const path = resolve(workingFolder, word);
  return basename(path) === 'project.db' ? dirname(path) : path;
}

/** Folders named from outside, kept until there is someone to take them. */
export class NamedFolders {
  #taker: ((folder: string) => void) | null = null;
  #kept: string | null = null;

  add(folder: string | undefined): void {
    if (folder === undefined) return;
    if (this.#taker === null) this.#kept = folder;
    else this.#taker(folder);
  }

  take(taker: (folder: string) => void): void {
    this.#taker = taker;
    if (this.#kept !== null) taker(this.#kept);
    this.#kept = null;
  }
}

/**
 * Hands folders to the page, which opens them as it opens any other: asks before that ends work in the open project,
 * and shows why one cannot be opened. One that comes before the page does is kept.
 * @returns takes a folder
 */
export function serveNamedProjects({ ipcMain, addPick }: NamedProjectsOptions): (folder: string) => void {
  let page: WebContents | null = null;
  let waiting: string | null = null;
  const hand = (): void => {
    const folder = waiting;
    if (folder === null || page === null || page.isDestroyed()) return;
    waiting = null;
    // Without a core the window shows that; nothing can be opened then.
    addPick(folder).then(
      (pick) => page?.send(projectChannels.named, pick),
      () => (waiting ??= folder),
    );
  };
  ipcMain.on(projectChannels.want, (event) => {
    if (!isOurPage(event.senderFrame)) return;
    page = event.sender;
    hand();
  });
  return (folder) => {
    waiting = folder;
    hand();
  };
}
