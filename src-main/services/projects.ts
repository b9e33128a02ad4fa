/** Opening and closing projects: one is open at a time. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { Project as ProjectInfo, RecentProject } from '../contract/projects.ts';
import { safeFileName } from '../core/file-name.ts';
import { type Project, createProject, isProjectFolder, openProject } from '../project/project.ts';
import { RecentProjects } from '../project/recent-projects.ts';
import type { AppEvent } from '../contract/app.ts';
import type { EventHub } from '../core/event-hub.ts';
import { oneAtATime } from '../core/one-at-a-time.ts';
import type { Picks } from './context.ts';
import { projectKey } from './project-key.ts';

/** What the project keeper needs; it comes before the rest of the context exists. */
export interface ProjectKeeperOptions {
  readonly events: EventHub<AppEvent>;
  readonly settingsFolder: string;
  readonly projectsFolder: string;
  readonly picks: Picks;
  readonly log: (message: string, detail?: unknown) => void;
}

/** Holds the open project. */
export class ProjectKeeper {
  #open: Project | null = null;
  readonly #closers: (() => Promise<void>)[] = [];
  readonly #openers: ((project: Project) => void)[] = [];
  readonly #recent: RecentProjects;
  readonly #options: ProjectKeeperOptions;
  /** Opening and closing wait for each other. */
  readonly #inTurn = oneAtATime();

  constructor(options: ProjectKeeperOptions) {
    this.#options = options;
    this.#recent = new RecentProjects(options.settingsFolder);
  }

  /** The open project. @throws AppError PROJECT_NOT_OPEN */
  get(): Project {
    if (this.#open === null) throw new AppError('PROJECT_NOT_OPEN');
    return this.#open;
  }

  /** The open project, or null. */
  peek(): Project | null {
    return this.#open;
  }

  /** Registers work to be done before a project closes. */
  beforeClose(work: () => Promise<void>): void {
    this.#closers.push(work);
  }

  /** Registers work to be done after a project was opened. */
  afterOpen(work: (project: Project) => void): void {
    this.#openers.push(work);
  }

  /** The open project as the renderer sees it, with its counts. */
  describe(): ProjectInfo | null {
    const project = this.#open;
    if (project === null) return null;
    const count = (table: string): number =>
      Number(
        (project.database.prepare(`SELECT count(*) AS rows FROM ${table}`).get() as { rows: number }).rows,
      );
    return {
      id: project.id,
      key: projectKey(project),
      name: project.name,
      location: project.folder,
      images: count('image'),
      classes: count('class'),
      runs: count('run'),
    };
  }

  /** Opens the project in a folder, or makes one there when `create` names it. Closes the one before. */
  openFolder(folder: string, create?: { name: string }): Promise<ProjectInfo> {
    return this.#inTurn(() => this.#openFolder(folder, create));
  }

  async #openFolder(folder: string, create: { name: string } | undefined): Promise<ProjectInfo> {
    if (this.#open?.folder === folder) return this.describe()!;
    // The new one is opened first: when that fails, the old one stays open.
    const project = create === undefined ? openProject(folder) : createProject(folder, create.name);
    try {
      await this.#shut();
    } catch (error) {
      project.close();
      throw error;
    }
    this.#open = project;
    this.#remember(project);
    for (const work of this.#openers) work(project);
    const description = this.describe()!;
    this.#options.events.emit({ type: 'project', project: description });
    return description;
  }

  /** A new project in the user's projects folder, or in a picked folder. */
  async create(input: { name: string; pick?: string | undefined }): Promise<ProjectInfo> {
    const parent =
      input.pick === undefined ? this.#options.projectsFolder : this.#options.picks.resolve(input.pick);
    return this.openFolder(freeFolder(parent, safeFileName(input.name, 'project')), { name: input.name });
  }

  /** Opens a recent project or a picked folder. */
  async open(input: { id?: string | undefined; pick?: string | undefined }): Promise<ProjectInfo> {
    return this.openFolder(this.folderOf(input));
  }

  /** The folder of a recent project or of a pick. @throws AppError NOT_FOUND, INPUT_INVALID */
  folderOf(input: { id?: string | undefined; pick?: string | undefined }): string {
    if (input.pick !== undefined) return this.#options.picks.resolve(input.pick);
    if (input.id === undefined) throw new AppError('INPUT_INVALID', { detail: 'give an id or a pick' });
    const location = this.#recent.locate(input.id);
    if (location === null) throw new AppError('NOT_FOUND', { what: 'project', id: input.id });
    return location;
  }

  /** Closes the open project; nothing happens when none is open. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#open === null) return;
      await this.#shut();
      this.#options.events.emit({ type: 'project', project: null });
    });
  }

  /** A convenience: a full disk there keeps nobody from working. */
  #remember(project: Project): void {
    try {
      this.#recent.remember(project);
    } catch (error) {
      this.#options.log('the project could not be remembered', error);
    }
  }

  async #shut(): Promise<void> {
    if (this.#open === null) return;
    for (const work of this.#closers) await work();
    this.#open.close();
    this.#open = null;
  }

  recent(): RecentProject[] {
    return this.#recent.list();
  }

  forget(id: string): void {
    this.#recent.forget(id);
  }
}

/** `parent/name`, or `parent/name 2`, … when a folder of that name already exists. */
function freeFolder(parent: string, name: string): string {
  const plain = join(parent, name);
  if (!existsSync(plain)) return plain;
  for (let number = 2; ; number++) {
    const candidate = join(parent, `${name} ${number}`);
    if (!existsSync(candidate) && !isProjectFolder(candidate)) return candidate;
  }
}
