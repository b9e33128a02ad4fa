/**
 * What the two processes of the desktop app ask of each other. The shell is Electron's main process: the window and what
 * belongs to it. The core process has everything else. What the page asks of the core is not here: the shell hands that
 * on as it is.
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';

/** The header with the secret that each request to the core's socket carries. */
export const coreKeyHeader = 'lenslet-core-key';

/** How a core process ended that nobody had asked to. */
export const coreCrashSchema = z.object({
  code: z.number().int().nullable(),
  signal: z.string().nullable(),
  /** The last lines that it wrote to stderr. */
  stderr: z.string(),
});
export type CoreCrash = z.infer<typeof coreCrashSchema>;

/** What the shell asks of the core process. */
export const coreProcessContract = {
  /** Makes the core and listens. Asked once, before everything else. */
  start: oc
    .input(
      z.object({
        /** The system's folder of documents, in which projects are made. */
        documents: z.string(),
        /** Electron's version. */
        electron: z.string(),
        /** The project folder that was open in a core process that crashed; null: none. */
        reopen: z.string().nullable(),
        /** How the core process before this one ended; null when there was none. */
        crash: coreCrashSchema.nullable(),
      }),
    )
    .output(
      z.object({
        /** The Unix socket or named pipe on which the contract, `media/` and `upload/` are. */
        address: z.string(),
        /** The secret that each request there has to carry. */
        key: z.string(),
      }),
    ),
  /** Remembers paths that the user dropped or named. The page learns their ids only. */
  addPicks: oc
    .input(z.object({ paths: z.array(z.string()) }))
    .output(z.object({ picks: z.array(z.string()) })),
  /** Brings runs and imports to a clean stop, and closes the project. */
  close: oc.output(z.void()),
};
export type CoreProcessContract = typeof coreProcessContract;

/** What the core process asks of the shell. */
export const shellContract = {
  /** The system's dialog for a folder; null when it was dismissed. */
  pickFolder: oc.input(z.object({ title: z.string() })).output(z.object({ path: z.string().nullable() })),
  /** Shows a folder in the system's file manager. */
  showInFolder: oc.input(z.object({ path: z.string() })).output(z.void()),
  /** Another project is open, or none. The next core process opens it again, should this one crash. */
  projectChanged: oc.input(z.object({ folder: z.string().nullable() })).output(z.void()),
  /** Training or an import began or ended: the computer is kept from going to sleep by itself meanwhile. */
  workChanged: oc.input(z.object({ isWorking: z.boolean() })).output(z.void()),
};
export type ShellContract = typeof shellContract;
