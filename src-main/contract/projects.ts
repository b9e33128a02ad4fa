/** Requests about project folders: create, open, recent, close. */
import { oc } from '@orpc/contract';
import { z } from 'zod';

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

export const projectsContract = {
  /** The open project, or null. */
  current: oc.output(projectSchema.nullable()),
  recent: oc.output(z.array(recentProjectSchema)),
  /** Makes a project folder in the user's Lenslet folder, or in a folder picked before (`pick`), and opens it. */
  create: oc
    .input(z.object({ name: z.string().trim().min(1).max(80), pick: z.string().optional() }))
    .output(projectSchema),
  /** Opens a recent project (`id`) or a picked folder (`pick`). */
  open: oc.input(z.object({ id: z.string().optional(), pick: z.string().optional() })).output(projectSchema),
  close: oc.output(z.void()),
  /** Takes a project off the recent list; the folder stays. */
  forget: oc.input(z.object({ id: z.string() })).output(z.void()),
  /** Makes a new project with a small generated picture set of three classes. Progress comes as import events. */
  createSample: oc.output(z.object({ project: projectSchema, importId: z.string() })),
};
