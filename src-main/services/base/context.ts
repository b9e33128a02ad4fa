/** What every service works with. Made once per process by `createCore`. */
import type { AppEvent, AppInfo } from '../../contract/app/app.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { EventHub } from '../../core/jobs/event-hub.ts';
import type { Project } from '../../project/project.ts';
import type { EngineClient } from './engine-client.ts';

/** Native things that only a host can do. All optional: the web host and the CLI have none. */
export interface HostAbilities {
  /** Opens the system's folder dialog; the absolute path, or null when dismissed. */
  pickFolder?(title: string): Promise<string | null>;
  /** Shows a folder in the system's file manager. */
  showInFolder?(path: string): Promise<void>;
  /** Private IP addresses that pictures may be fetched from all the same, such as the picture server of a school. */
  readonly pictureServers?: readonly string[];
}

/** Shared by all services of one process. */
export interface ServiceContext {
  readonly info: AppInfo;
  readonly abilities: HostAbilities;
  readonly events: EventHub<AppEvent>;
  /** Where recent projects and preferences are kept. */
  readonly settingsFolder: string;
  /** The parent folder of new projects. */
  readonly projectsFolder: string;
  readonly pickedPaths: PickedPaths;
  readonly engine: EngineClient;
  /** The open project, to work with. @throws AppError PROJECT_NOT_OPEN, PROJECT_GONE when its folder is gone */
  project(): Project;
  /** The open project, or null; also when its folder is gone. */
  openedProject(): Project | null;
  /** Called before a project closes, so that imports and runs can come to a clean stop. */
  beforeProjectCloses(work: (project: Project) => Promise<void>): void;
  /** Prepares a project that is about to open. When it throws, the project is not opened and the one before stays. */
  beforeProjectOpens(work: (project: Project) => void): void;
  /** Called after a project was opened; a failure is logged, and does not stop the work. */
  afterProjectOpens(work: (project: Project) => void): void;
  /** Diagnostics for stderr and the log; never for the user. */
  log(message: string, detail?: unknown): void;
}

/**
 * Paths the user picked or dropped, known to the renderer by id only: a page cannot name any other path.
 */
export class PickedPaths {
  readonly #paths = new Map<string, string>();
  #next = 1;

  /** Remembers an absolute path and returns its id. */
  add(path: string): string {
    const id = `pick-${this.#next++}-${crypto.randomUUID()}`;
    this.#paths.set(id, path);
    return id;
  }

  /** The path of a pick. @throws AppError NOT_FOUND */
  resolve(id: string): string {
    const path = this.#paths.get(id);
    if (path === undefined) throw new AppError('NOT_FOUND', { what: 'picked folder', id });
    return path;
  }
}
