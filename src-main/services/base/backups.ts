/** When backups are made: at close, and daily while a project is open, each time only if it changed since the last. */
import { writtenRows } from '../../project/database/changes-on-disk.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { Backup } from '../../contract/app/projects.ts';
import { oneAtATime } from '../../core/jobs/one-at-a-time.ts';
import {
  changedSinceBackup,
  inspectBackup,
  listBackups,
  makeBackup,
  sweepBackups,
} from '../../project/backups.ts';
import { backupFailure } from '../../project/project-database.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from './context.ts';

const hourMilliseconds = 60 * 60 * 1000;
const dayMilliseconds = 24 * hourMilliseconds;

/** What is known of an open project's backups. */
interface Watched {
  readonly project: Project;
  /** Rows changed on its connection, when it was last backed up. */
  changes: number;
  /** It had changed since its newest backup when it was opened. */
  due: boolean;
  failure: AppError | null;
}

/**
 * Makes the backup service.
 * @param changed called when a backup was made or failed
 */
export function createBackups(context: ServiceContext, changed: () => void) {
  let watched: Watched | null = null;
  const inTurn = oneAtATime();

  const ofOpen = (): Watched | null => {
    const project = context.openedProject();
    if (project === null) return null;
    if (watched?.project !== project) {
      const due = changedSinceBackup(project.folder, project.changedAt);
      watched = { project, changes: 0, due, failure: null };
    }
    return watched;
  };

  const backUp = (always: boolean): Promise<string | null> =>
    inTurn(async () => {
      const open = ofOpen();
      if (open === null) throw new AppError('PROJECT_NOT_OPEN');
      const { database, folder } = open.project;
      const changes = writtenRows(database);
      if (!always && !open.due && changes === open.changes) return null;
      try {
        // A folder that was removed must not come back with nothing but a backup in it.
        open.project.identity.require();
        const name = makeBackup(database, folder);
        Object.assign(open, { changes, due: false, failure: null });
        return name;
      } catch (error) {
        open.failure = backupFailure(error, folder);
        context.log('backup failed', error);
        throw open.failure;
      } finally {
        changed();
      }
    });

  /** A failure is kept to be shown; it never keeps a project from closing or from being worked on. */
  const backUpIfChanged = (): Promise<unknown> => backUp(false).catch(() => undefined);

  const daily = setInterval(() => {
    const open = ofOpen();
    if (open === null) return;
    const [newest] = listBackups(open.project.folder);
    if (newest === undefined || Date.now() - newest.madeAt.getTime() >= dayMilliseconds)
      void backUpIfChanged();
  }, hourMilliseconds);
  daily.unref();

  context.afterProjectOpens(({ folder }) => {
    sweepBackups(folder);
    ofOpen();
  });
  context.beforeProjectCloses(async () => {
    if (context.openedProject() !== null) await backUpIfChanged();
  });

  return {
    /** Backs the open project up, changed or not. @returns the backup's name @throws AppError BACKUP_FAILED */
    now: async (): Promise<string> => (await backUp(true))!,
    /** Why the last backup of the open project failed; null when it did not. */
    failure: (): AppError | null => ofOpen()?.failure ?? null,
    /** When the open project was last backed up. */
    lastMadeAt: (): Date | null => {
      const project = context.openedProject();
      return (project && listBackups(project.folder)[0]?.madeAt) ?? null;
    },
    /** Ends the daily look. */
    end: (): void => clearInterval(daily),
  };
}

/** The backups of a project folder as people see them, newest first, each with why it cannot be used. */
export async function describeBackups(folder: string): Promise<Backup[]> {
  const described: Backup[] = [];
  for (const file of listBackups(folder)) {
    // Each is read through; others get their turn in between.
    await new Promise(setImmediate);
    const { name, madeAt } = file;
    try {
      const { images, classes, runs } = inspectBackup(file);
      described.push({ name, madeAt: madeAt.toISOString(), images, classes, runs, problem: null });
    } catch (error) {
      const problem = AppError.from(error).toData();
      described.push({ name, madeAt: madeAt.toISOString(), images: 0, classes: 0, runs: 0, problem });
    }
  }
  return described;
}
