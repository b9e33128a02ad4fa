/** What keeps a project's data safe beside the work on it: backups, restoring, photos that lost their place. */
import { AppError } from '../../contract/shared/errors.ts';
import type { Backup, Project as ProjectInfo, ProjectCare } from '../../contract/app/projects.ts';
import type { Project } from '../../project/project.ts';
import { chooseBackup, restoreProject } from '../../project/restore.ts';
import { createBackups, describeBackups } from '../base/backups.ts';
import { type Captures, uploadSource } from './captures.ts';
import type { ServiceContext } from '../base/context.ts';
import type { Imports } from './imports.ts';
import type { ProjectKeeper } from '../project/projects.ts';
import { clearUnfinished } from '../base/trash.ts';
import { countUnknown, findUnknownPhotos } from '../base/unknown-photos.ts';

/** A project by its place: on the list of recent ones, picked, or the one that is open. */
export interface ProjectChoice {
  readonly id?: string | undefined;
  readonly pick?: string | undefined;
}

const nothingUnknown = { uploads: 0, photos: 0 };

/** Makes the service. Made after all others: its work before closing is the last. */
export function createProjectCare(
  context: ServiceContext,
  projects: ProjectKeeper,
  imports: Imports,
  captures: Captures,
) {
  let unknown = nothingUnknown;
  const backups = createBackups(context, emit);

  function state(): ProjectCare | null {
    const project = context.openedProject();
    if (project === null) return null;
    const failure = backups.failure();
    const problems = [...project.warnings, ...(failure === null ? [] : [failure])];
    return {
      backedUpAt: backups.lastMadeAt()?.toISOString() ?? null,
      problems: problems.map((problem) => problem.toData()),
      unknown,
    };
  }
  function emit(): void {
    const care = state();
    if (care !== null) context.events.emit({ type: 'care', care });
  }

  async function look(project: Project): Promise<void> {
    const found = countUnknown(await findUnknownPhotos(project));
    if (context.openedProject() !== project) return;
    unknown = found;
    emit();
  }
  const lookLater = (project: Project): void => {
    look(project).catch((error: unknown) => context.log('looking for unknown photos failed', error));
  };

  context.afterProjectOpens((project) => {
    unknown = nothingUnknown;
    try {
      clearUnfinished(project);
    } catch (error) {
      context.log('unfinished uploads stay', error);
    }
    lookLater(project);
  });
  context.events.on((event) => {
    const project = context.openedProject();
    if (event.type === 'import' && event.import.status !== 'running' && project !== null) lookLater(project);
  });

  const folderOf = (choice: ProjectChoice): string =>
    choice.id === undefined && choice.pick === undefined
      ? context.project().folder
      : projects.folderOf(choice);

  /**
   * Puts a backup in the place of a folder's database and opens it, which closes the open project.
   * @throws AppError PROJECT_BUSY when that would end work, unless `interrupt`; NOT_FOUND, BACKUP_INVALID,
   *   PROJECT_NO_BACKUP, PROJECT_LOCKED, …
   */
  async function restoreFolder(folder: string, name?: string, interrupt = false) {
    // Before anything is closed or replaced.
    projects.requireIdle(interrupt);
    const chosen = chooseBackup(folder, name);
    if (context.openedProject()?.folder === folder) await projects.close();
    const { restored, keptAs } = restoreProject(folder, chosen.name);
    const project = await projects.openFolder(folder, undefined, { interrupt });
    await look(context.project());
    return { restored, keptAs, project, unknown };
  }

  return {
    state,
    end: () => backups.end(),
    restoreFolder,
    /** Photos in the uploads folder that the open project does not know. */
    unknownPhotos: async () => countUnknown(await findUnknownPhotos(context.project())),
    handlers: {
      care: (): ProjectCare | null => state(),
      backups: (choice: ProjectChoice): Promise<Backup[]> => describeBackups(folderOf(choice)),
      backUp: async (): Promise<{ name: string }> => ({ name: await backups.now() }),
      restore: async ({
        backup,
        interrupt,
        ...choice
      }: ProjectChoice & {
        backup?: string | undefined;
        interrupt?: boolean | undefined;
      }): Promise<ProjectInfo> => (await restoreFolder(folderOf(choice), backup, interrupt)).project,
      importUnknown: async (): Promise<{ importId: string }> => {
        const project = context.project();
        const uploads = (await findUnknownPhotos(project)).map(({ id }) => id);
        if (uploads.length === 0)
          throw new AppError('INPUT_INVALID', { detail: 'all photos are in the project' });
        const sources = await Promise.all(uploads.map((id) => uploadSource(project, id)));
        const started = imports.start({ sources, label: 'photos in uploads' });
        captures.follow(started.importId, project, uploads);
        return started;
      },
    },
  };
}
