/** Requests about project folders: create, open, recent, close. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { errorDataSchema } from '../shared/vocabulary.ts';
import { maxCharacters } from './text-limits.ts';

/**
 * The header of a request that names the project it is about (`Project.key`): another window may have opened another
 * one meanwhile, in which the same ids mean other photos and classes. Such a request fails with PROJECT_CHANGED.
 */
export const meantProjectHeader = 'lenslet-project';

export const projectSchema = z.object({
  id: z.string(),
  /**
   * Tells this folder from every other project folder, copies with the same id included. Part of the addresses of its
   * pictures; a request that names it is answered about this project or not at all.
   */
  key: z.string(),
  name: z.string(),
  /** Where it lies, for people to read; never accepted back as input. */
  location: z.string(),
  images: z.number().int(),
  classes: z.number().int(),
  runs: z.number().int(),
  /** Why nothing can be saved in it now, e.g. because its folder was moved; null while all is well. */
  problem: errorDataSchema.nullable(),
});
export type Project = z.infer<typeof projectSchema>;

export const recentProjectSchema = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  openedAt: z.string(),
  /** False when the folder is gone, e.g. on an unplugged drive. */
  available: z.boolean(),
});
export type RecentProject = z.infer<typeof recentProjectSchema>;

/** A copy of a project's database. */
export const backupSchema = z.object({
  name: z.string(),
  madeAt: z.string(),
  images: z.number().int(),
  classes: z.number().int(),
  runs: z.number().int(),
  /** Why it cannot be restored; null when it can. */
  problem: errorDataSchema.nullable(),
});
export type Backup = z.infer<typeof backupSchema>;

/** Photos in the uploads folder that the project does not know, as after restoring an older backup. */
export const unknownPhotosSchema = z.object({ uploads: z.number().int(), photos: z.number().int() });
export type UnknownPhotos = z.infer<typeof unknownPhotosSchema>;

/** What is done for the safety of the open project. */
export const projectCareSchema = z.object({
  /** When it was last backed up; null when there is no backup. */
  backedUpAt: z.string().nullable(),
  /** What went wrong and keeps nobody from working, such as a failed backup. */
  problems: z.array(errorDataSchema),
  unknown: unknownPhotosSchema,
});
export type ProjectCare = z.infer<typeof projectCareSchema>;

/** A project by its place: a recent one (`id`), a picked folder (`pick`), or neither: the open one. */
const projectChoice = z.object({ id: z.string().optional(), pick: z.string().optional() });

/**
 * True ends training, imports, checks and the map of the open project; without it, opening another one or closing
 * fails with PROJECT_BUSY while any of them is at work.
 */
const interrupt = z.boolean().optional();

export const projectsContract = {
  /** The open project, or null. */
  current: oc.output(projectSchema.nullable()),
  recent: oc.output(z.array(recentProjectSchema)),
  /** Makes a project folder in the user's Lenslet folder, or in a folder picked before (`pick`), and opens it. */
  create: oc
    .input(
      z.object({
        name: z.string().trim().min(1).max(maxCharacters.projectName),
        pick: z.string().optional(),
        interrupt,
      }),
    )
    .output(projectSchema),
  /** Opens a recent project (`id`) or a picked folder (`pick`). */
  open: oc
    .input(z.object({ id: z.string().optional(), pick: z.string().optional(), interrupt }))
    .output(projectSchema),
  /** Gives the open project another name. Its folder keeps its own. */
  rename: oc
    .input(z.object({ name: z.string().trim().min(1).max(maxCharacters.projectName) }))
    .output(projectSchema),
  close: oc.input(z.object({ interrupt }).default({})).output(z.void()),
  /** The backups of a project, newest first; also of one that is too damaged to be opened. */
  backups: oc.input(projectChoice).output(z.array(backupSchema)),
  /** Backs the open project up now. */
  backUp: oc.output(z.object({ name: z.string() })),
  /** Puts a backup (`backup`, else the newest usable one) in the place of the database, which is kept, and opens it. */
  restore: oc.input(projectChoice.extend({ backup: z.string().optional(), interrupt })).output(projectSchema),
  /** The safety of the open project; null when none is open. Changes come as events. */
  care: oc.output(projectCareSchema.nullable()),
  /** Imports the photos in the uploads folder that the project does not know. Progress comes as import events. */
  importUnknown: oc.output(z.object({ importId: z.string() })),
  /** Takes a project off the recent list; the folder stays. */
  forget: oc.input(z.object({ id: z.string() })).output(z.void()),
  /** Makes a new project with a small generated picture set of three classes. Progress comes as import events. */
  createSample: oc
    .input(z.object({ interrupt }).default({}))
    .output(z.object({ project: projectSchema, importId: z.string() })),
};
