/** Opening and closing projects: one is open at a time. */
import { projectCounts } from '../../project/images/sources.ts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import type { Project as ProjectInfo, RecentProject } from '../../contract/app/projects.ts';
import { safeFileName } from '../../core/text/file-name.ts';
import { type Project, createProject, isProjectFolder, openProject } from '../../project/project.ts';
import { explainFailure } from '../../project/database/database-error.ts';
import { RecentProjects } from '../../project/recent-projects.ts';
import type { AppEvent } from '../../contract/app/app.ts';
import type { EventHub } from '../../core/jobs/event-hub.ts';
import { oneAtATime } from '../../core/jobs/one-at-a-time.ts';
import type { PickedPaths } from '../base/context.ts';
import { endProjectSession } from '../base/project-session.ts';
import { projectKey } from '../base/project-key.ts';

/** Milliseconds between two looks at whether the folder is still there. */
const lookMilliseconds = 2_000;

/** What the project keeper needs; it comes before the rest of the context exists. */
export interface ProjectKeeperOptions {
  readonly events: EventHub<AppEvent>;
  readonly settingsFolder: string;
  readonly projectsFolder: string;
  readonly pickedPaths: PickedPaths;
  readonly log: (message: string, detail?: unknown) => void;
}

/** Holds the open project. */
export class ProjectKeeper {
  #open: Project | null = null;
  readonly #closers: ((project: Project) => Promise<void>)[] = [];
  readonly #preparers: ((project: Project) => void)[] = [];
  readonly #openers: ((project: Project) => void)[] = [];
  readonly #works: (() => string | null)[] = [];
  readonly #recent: RecentProjects;
  readonly #options: ProjectKeeperOptions;
  /** Opening and closing wait for each other. */
  readonly #inTurn = oneAtATime();
  /** Looks whether the open project's folder is still there, so that the page knows before it saves. */
  #watch: ReturnType<typeof setInterval> | null = null;
  /** Whether the last event reported it as gone. */
  #toldGone = false;

  constructor(options: ProjectKeeperOptions) {
    this.#options = options;
    this.#recent = new RecentProjects(options.settingsFolder);
  }

  /**
   * The open project, to work with. Work that reads it again before its acknowledgement can be sure that
   * it was done in the folder that people see.
   * @throws AppError PROJECT_NOT_OPEN, PROJECT_GONE when its folder was removed, moved or replaced
   */
  get(): Project {
    if (this.#open === null) throw new AppError('PROJECT_NOT_OPEN');
    if (this.#look()) throw new AppError('PROJECT_GONE', { path: this.#open.folder });
    return this.#open;
  }

  /** The open project, or null. */
  peek(): Project | null {
    return this.#open;
  }

  /** Registers work to be done before a project closes. */
  beforeClose(work: (project: Project) => Promise<void>): void {
    this.#closers.push(work);
  }

  /** Registers work on a project that is about to open. When it throws, the one before stays open as it is. */
  beforeOpen(work: (project: Project) => void): void {
    this.#preparers.push(work);
  }

  /** Registers work to be done after a project was opened; its failure is logged. */
  afterOpen(work: (project: Project) => void): void {
    this.#openers.push(work);
  }

  /** Registers work that closing would end. @param work what is going on now, to begin a sentence; null: nothing */
  interruptible(work: () => string | null): void {
    this.#works.push(work);
  }

  /** @throws AppError PROJECT_BUSY while closing the open project would end work, unless `interrupt` */
  requireIdle(interrupt: boolean | undefined): void {
    if (this.#open === null || interrupt === true) return;
    const work = this.#works.map((look) => look()).find((found) => found !== null);
    if (work != null) throw new AppError('PROJECT_BUSY', { work, project: this.#open.name });
  }

  /** The open project as the renderer sees it, with its counts. */
  describe(): ProjectInfo | null {
    return this.#open === null ? null : describe(this.#open);
  }

  /**
   * Opens the project in a folder, or makes one there when `create` names it. Closes the one before, once all that could
   * fail is done: a project that cannot be opened leaves it as it is.
   * @throws AppError PROJECT_BUSY when that would end work, unless `interrupt`; PROJECT_…
   */
  openFolder(
    folder: string,
    create?: { name: string },
    { interrupt }: { interrupt?: boolean | undefined } = {},
  ): Promise<ProjectInfo> {
    return this.#inTurn(() => {
      if (this.#open?.folder !== folder) this.requireIdle(interrupt);
      return this.#openFolder(folder, create);
    });
  }

  async #openFolder(folder: string, create: { name: string } | undefined): Promise<ProjectInfo> {
    if (this.#open?.folder === folder && this.#open.identity.isThere()) return this.describe()!;
    const project = await this.#prepare(folder, create);
    await this.#shut();
    this.#open = project;
    this.#toldGone = false;
    this.#watch = setInterval(() => this.#look(), lookMilliseconds).unref();
    this.#remember(project);
    const description = describe(project);
    this.#options.events.emit({ type: 'project', project: description });
    for (const work of this.#openers) this.#attempt(() => work(project));
    return description;
  }

  /** A project that is ready to be the open one. */
  async #prepare(folder: string, create: { name: string } | undefined): Promise<Project> {
    const project = await this.#openFiles(folder, create);
    try {
      for (const work of this.#preparers) work(project);
      describe(project);
      return project;
    } catch (error) {
      project.close();
      // The failure has its own code, or the database is not what it should be.
      const failure = explainFailure(error, folder);
      if (failure.kind !== 'bug') throw failure;
      const reason = error instanceof Error ? error.message : String(error);
      throw new AppError('PROJECT_DAMAGED', { path: folder, reason }, { cause: error });
    }
  }

  async #openFiles(folder: string, create: { name: string } | undefined): Promise<Project> {
    const open = (): Project =>
      create === undefined ? openProject(folder) : createProject(folder, create.name);
    try {
      return open();
    } catch (error) {
      // One that was moved while it was open is still locked, by us.
      const isOurs = error instanceof AppError && error.code === 'PROJECT_LOCKED' && this.#isGone();
      if (!isOurs) throw error;
      await this.#shut();
      this.#options.events.emit({ type: 'project', project: null });
      return open();
    }
  }

  /** A new project in the user's projects folder, or in a picked folder. */
  async create(input: {
    name: string;
    pick?: string | undefined;
    interrupt?: boolean | undefined;
  }): Promise<ProjectInfo> {
    const parent =
      input.pick === undefined ? this.#options.projectsFolder : this.#options.pickedPaths.resolve(input.pick);
    const folder = freeFolder(parent, safeFileName(input.name, 'project'));
    return this.openFolder(folder, { name: input.name }, { interrupt: input.interrupt });
  }

  /** Opens a recent project or a picked folder. */
  async open({
    interrupt,
    ...chosen
  }: {
    id?: string | undefined;
    pick?: string | undefined;
    interrupt?: boolean | undefined;
  }): Promise<ProjectInfo> {
    return this.openFolder(this.folderOf(chosen), undefined, { interrupt });
  }

  /** The folder of a recent project or of a pick. @throws AppError NOT_FOUND, INPUT_INVALID */
  folderOf(input: { id?: string | undefined; pick?: string | undefined }): string {
    if (input.pick !== undefined) return this.#options.pickedPaths.resolve(input.pick);
    if (input.id === undefined) throw new AppError('INPUT_INVALID', { detail: 'give an id or a pick' });
    const location = this.#recent.locate(input.id);
    if (location === null) throw new AppError('NOT_FOUND', { what: 'project', id: input.id });
    return location;
  }

  /**
   * Closes the open project; nothing happens when none is open.
   * @throws AppError PROJECT_BUSY when that would end work and `interrupt` is false
   */
  close({ interrupt = true }: { interrupt?: boolean | undefined } = {}): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#open === null) return;
      this.requireIdle(interrupt);
      await this.#shut();
      this.#options.events.emit({ type: 'project', project: null });
    });
  }

  /** Gives the open project another name. @throws AppError PROJECT_NOT_OPEN, PROJECT_GONE, DISK_FULL */
  rename(name: string): ProjectInfo {
    const project = this.get();
    project.rename(name);
    this.#remember(project);
    const description = describe(project);
    this.#options.events.emit({ type: 'project', project: description });
    return description;
  }

  /** A convenience: a full disk there must not stop the work. */
  #remember(project: Project): void {
    try {
      this.#recent.remember(project);
    } catch (error) {
      this.#options.log('the project could not be remembered', error);
    }
  }

  async #shut(): Promise<void> {
    const project = this.#open;
    if (project === null) return;
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
    for (const work of this.#closers) {
      await work(project).catch((error: unknown) => this.#options.log('closing a project', error));
    }
    await endProjectSession(project).catch((error: unknown) => this.#options.log('closing a project', error));
    this.#attempt(() => project.close());
    this.#open = null;
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.log('opening or closing a project', error);
    }
  }

  #isGone(): boolean {
    return this.#open !== null && !this.#open.identity.isThere();
  }

  /** Tells when the folder of the open project went away, and when it came back. @returns true while it is gone */
  #look(): boolean {
    const gone = this.#isGone();
    if (this.#open === null || gone === this.#toldGone) return gone;
    this.#toldGone = gone;
    this.#options.events.emit({ type: 'project', project: describe(this.#open) });
    return gone;
  }

  recent(): RecentProject[] {
    return this.#recent.list();
  }

  forget(id: string): void {
    this.#recent.forget(id);
  }
}

/** A project as the renderer sees it. Its counts are of its open database, which outlives its folder. */
function describe(project: Project): ProjectInfo {
  const { id, name, folder, database, identity } = project;
  const problem = identity.isThere() ? null : new AppError('PROJECT_GONE', { path: folder }).toData();
  return {
    id,
    key: projectKey(project),
    name,
    location: folder,
    ...projectCounts(database),
    problem,
  };
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
