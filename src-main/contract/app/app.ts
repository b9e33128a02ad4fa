/** Requests about the program itself: version, engine, events. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { backboneInfoSchema } from './backbones.ts';
import { checkRunSchema } from './checks.ts';
import { importStateSchema } from './datasets.ts';
import { appliedEditSchema } from './edits.ts';
import { mapRunSchema } from './map.ts';
import { projectCareSchema, projectSchema } from './projects.ts';
import { fastMathSchema } from './settings.ts';
import { sortingStateSchema } from './sorting.ts';
import { suggestionsStateSchema } from './suggestions.ts';
import { runSchema } from './runs.ts';
import { errorDataSchema } from '../shared/vocabulary.ts';

export const rejectedEngineSchema = z.object({
  engine: z.string(),
  reason: z.string(),
  /** What would make it work. */
  remedy: z.string(),
});

export const engineStatusSchema = z.object({
  state: z.enum(['starting', 'ready', 'busy', 'failed']),
  /** `tensorflow` or `tensorflow-gpu`, `cpu` (plain JavaScript), … */
  engine: z.string().nullable(),
  device: z.string().nullable(),
  version: z.string().nullable(),
  /** True on an engine that works but is far slower than this machine could be. */
  slow: z.boolean(),
  rejected: z.array(rejectedEngineSchema),
  error: errorDataSchema.nullable(),
});
export type EngineStatus = z.infer<typeof engineStatusSchema>;

export const doctorReportSchema = z.object({
  engine: z.string().nullable(),
  device: z.string().nullable(),
  version: z.string().nullable(),
  rejected: z.array(rejectedEngineSchema),
  selfTest: z.enum(['passed', 'failed', 'not run']),
  selfTestDetail: z.string(),
  /** Milliseconds of one training step of the lesson's convnet on this engine; null when not measured. */
  stepMilliseconds: z.number().nullable(),
  /** For people: what the frozen parts of networks are computed with; empty when nothing computes. */
  frozenNetworks: z.string(),
  lenslet: z.string(),
  node: z.string(),
  platform: z.string(),
  /** Those that may be used, the limits of containers included. */
  cores: z.number(),
  fastMath: fastMathSchema,
  memoryGigabytes: z.number(),
  electron: z.string().nullable(),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;

export const appInfoSchema = z.object({
  version: z.string(),
  host: z.enum(['electron', 'web', 'cli']),
  /** True where `pickFolder` opens a dialog of the system. */
  nativePicker: z.boolean(),
  platform: z.string(),
  projectsFolder: z.string(),
  /** How the core process ended that was here before, when it crashed: the window says so. Null in most lives. */
  crash: z.object({ code: z.number().int().nullable(), signal: z.string().nullable() }).nullable(),
});
export type AppInfo = z.infer<typeof appInfoSchema>;

/** Everything the app pushes. Each carries the whole new state of its thing, so that a lost one does no harm. */
export const appEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('engine'), engine: engineStatusSchema }),
  z.object({ type: z.literal('project'), project: projectSchema.nullable() }),
  z.object({ type: z.literal('care'), care: projectCareSchema }),
  z.object({ type: z.literal('import'), import: importStateSchema }),
  /**
   * Images, labels or splits changed: ask for `summary` and the list again; or, when `edit` is there and the page
   * shows the revision before it, apply its changes.
   */
  z.object({ type: z.literal('dataset'), edit: appliedEditSchema.optional() }),
  z.object({ type: z.literal('checks'), checks: checkRunSchema }),
  z.object({ type: z.literal('map'), map: mapRunSchema }),
  z.object({ type: z.literal('sorting'), sorting: sortingStateSchema }),
  z.object({ type: z.literal('suggestions'), suggestions: suggestionsStateSchema }),
  z.object({ type: z.literal('backbones'), backbones: z.array(backboneInfoSchema) }),
  z.object({ type: z.literal('run'), run: runSchema }),
  z.object({ type: z.literal('run-removed'), run: z.string() }),
]);
export type AppEvent = z.infer<typeof appEventSchema>;

export const appContract = {
  info: oc.output(appInfoSchema),
  engine: oc.output(engineStatusSchema),
  doctor: oc.output(doctorReportSchema),
  /** All events from now on. First comes the present engine, project, import and active run. */
  events: oc.output(eventIterator(appEventSchema)),
};
