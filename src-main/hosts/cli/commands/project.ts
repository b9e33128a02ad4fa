import { resolve } from 'node:path';
import type { Backup } from '../../../contract/app/projects.ts';
import { AppError } from '../../../contract/shared/errors.ts';
import { databaseVersion } from '../../../project/database/migrations.ts';
import { describeBackups } from '../../../services/base/backups.ts';
import type { Output } from '../output.ts';
import { type Session, withSession } from '../session.ts';
import { count } from '../text.ts';

interface ProjectFlags {
  readonly project: string;
  readonly from?: string;
  readonly name?: string;
}

function backupLine({ name, madeAt, images, problem }: Backup): string {
  const made = `${madeAt.slice(0, 10)} ${madeAt.slice(11, 16)} UTC`;
  return `  ${made}  ${name}  ${problem === null ? `${count(images)} images` : problem.message}`;
}

/** Backups and what they hold, on stderr. */
async function sayBackups(output: Output, folder: string): Promise<void> {
  const backups = await describeBackups(folder);
  output.say(backups.length === 0 ? 'There are no backups.' : 'Backups, newest first:');
  for (const backup of backups) output.say(backupLine(backup));
}

function sayUnknown(output: Output, photos: number): void {
  if (photos === 0) return;
  const are = photos === 1 ? 'photo in uploads/ is' : 'photos in uploads/ are';
  output.say(`${count(photos)} ${are} not in the project: open it in the app to import them.`);
}

async function backup(output: Output, session: Session, flags: ProjectFlags): Promise<void> {
  await session.openProject(flags.project);
  const { name } = await session.client.projects.backUp();
  const { images } = (await session.client.projects.current())!;
  output.answer({ backup: name, images }, `Backed up ${count(images)} images as backups/${name}.`);
}

async function restore(output: Output, session: Session, flags: ProjectFlags): Promise<void> {
  const folder = resolve(flags.project);
  await sayBackups(output, folder);
  const { restored, keptAs, project, unknown } = await session.core.care.restoreFolder(folder, flags.from);
  if (keptAs !== null) output.say(`The database before is kept as ${keptAs}.`);
  sayUnknown(output, unknown.photos);
  output.answer(
    { restored, images: project.images, keptAs, unknownPhotos: unknown.photos },
    `Restored ${restored}: ${count(project.images)} images.`,
  );
}

async function info(output: Output, session: Session, flags: ProjectFlags): Promise<void> {
  const folder = resolve(flags.project);
  try {
    await session.openProject(folder);
  } catch (error) {
    const found = AppError.from(error);
    // What can be done about it.
    if (found.code === 'PROJECT_DAMAGED' || found.code === 'PROJECT_FOREIGN')
      await sayBackups(output, folder);
    throw found;
  }
  const project = (await session.client.projects.current())!;
  const backups = await session.client.projects.backups({});
  const unknown = await session.core.care.unknownPhotos();
  const format = databaseVersion(session.core.context.project().database);
  const { id, name, location, images, classes, runs } = project;
  const lines = [
    `${name} (${location})`,
    `${count(images)} images, ${count(classes)} classes, ${count(runs)} runs; format ${format}`,
    backups.length === 0 ? 'No backups yet.' : 'Backups, newest first:',
    ...backups.map(backupLine),
  ];
  sayUnknown(output, unknown.photos);
  output.answer(
    { id, name, path: location, images, classes, runs, format, backups, unknownPhotos: unknown.photos },
    lines.join('\n'),
  );
}

async function rename(output: Output, session: Session, flags: ProjectFlags): Promise<void> {
  if (flags.name === undefined) {
    throw new AppError('USAGE_INVALID', { detail: '--name is missing', command: 'project ' });
  }
  await session.openProject(flags.project);
  const { name, location } = await session.client.projects.rename({ name: flags.name });
  output.answer({ name, path: location }, `Renamed to ${name}.`);
}

const actions = new Map(Object.entries({ backup, restore, info, rename }));

/** `lenslet project backup|restore|info|rename --project DIR [--from NAME] [--name NAME]`. @throws AppError what the action failed with */
export async function project(output: Output, flags: ProjectFlags, action: string): Promise<void> {
  const work = actions.get(action);
  if (work === undefined) {
    const detail = `“${action}” is not one of ${[...actions.keys()].join(', ')}`;
    throw new AppError('USAGE_INVALID', { detail, command: 'project ' });
  }
  await withSession(output, (session) => work(output, session, flags));
}
