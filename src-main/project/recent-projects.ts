/** The list of projects opened before, in the settings folder. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RecentProject } from '../contract/app/projects.ts';
import { holdsProjectContent, isProjectFolder } from './project-folder.ts';

const entrySchema = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  openedAt: z.string(),
});
const fileSchema = z.array(entrySchema);
type Entry = z.infer<typeof entrySchema>;

const maxKept = 30;

/** Reads and writes `recent-projects.json`. A damaged file counts as empty: it is a convenience, not data. */
export class RecentProjects {
  readonly #folder: string;

  constructor(settingsFolder: string) {
    this.#folder = settingsFolder;
  }

  get #path(): string {
    return join(this.#folder, 'recent-projects.json');
  }

  #read(): Entry[] {
    if (!existsSync(this.#path)) return [];
    try {
      return fileSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      return [];
    }
  }

  #write(entries: Entry[]): void {
    mkdirSync(this.#folder, { recursive: true });
    const temporary = `${this.#path}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(entries, null, 2));
    renameSync(temporary, this.#path);
  }

  /** Newest first, each with whether its folder is there now. */
  list(): RecentProject[] {
    return this.#read().map((entry) => ({
      ...entry,
      // One that lost its database can still be restored.
      available: isProjectFolder(entry.location) || holdsProjectContent(entry.location),
    }));
  }

  /** Where a project lies, or null when it is not on the list. */
  locate(id: string): string | null {
    return this.#read().find((entry) => entry.id === id)?.location ?? null;
  }

  /** Puts a project first. */
  remember(project: { id: string; name: string; folder: string }): void {
    const entry = {
      id: project.id,
      name: project.name,
      location: project.folder,
      openedAt: new Date().toISOString(),
    };
    const others = this.#read().filter(
      (other) => other.id !== project.id && other.location !== project.folder,
    );
    this.#write([entry, ...others].slice(0, maxKept));
  }

  /** Takes a project off the list. */
  forget(id: string): void {
    this.#write(this.#read().filter((entry) => entry.id !== id));
  }
}
