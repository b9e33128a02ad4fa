/** One command's use of the core: open it, work with it through the contract, close it whatever happens. */
import { basename, resolve } from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient, ORPCError, type AnyRouter } from '@orpc/server';
import { AppError, isErrorData } from '../../contract/shared/errors.ts';
import type { Contract } from '../../contract/app/index.ts';
import { isProjectFolder } from '../../project/project.ts';
import type { Core } from '../../services/core.ts';
import { createNodeCore } from '../node/node-core.ts';
import { closeInTime } from './close-in-time.ts';
import { onInterrupt } from './interrupt.ts';
import type { Output } from './output.ts';

/** The contract, called in-process. Failures arrive as ORPCError; `unwrapError` makes AppErrors of them. */
export type Client = ContractRouterClient<Contract>;

export interface Session {
  readonly client: Client;
  readonly core: Core;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Opens a project folder. @param create makes it when there is none. @throws AppError PROJECT_NOT_FOUND, … */
  openProject(folder: string, create?: boolean): Promise<void>;
}

/** What a call to the contract threw, as the error the service meant. */
export function unwrapError(thrown: unknown): AppError {
  if (thrown instanceof ORPCError && isErrorData(thrown.data)) return AppError.fromData(thrown.data);
  return AppError.from(thrown);
}

function openSession(core: Core, signal: AbortSignal): Session {
  return {
    client: createRouterClient(core.router as AnyRouter, { context: {} }) as unknown as Client,
    core,
    signal,
    async openProject(folder, create = false) {
      const path = resolve(folder);
      await core.projects.openFolder(
        path,
        create && !isProjectFolder(path) ? { name: basename(path) } : undefined,
      );
    },
  };
}

/** Prints once each problem that does not stop the work, such as a backup that failed. */
function sayProblems(core: Core, output: Output): void {
  const printed = new Set<string>();
  core.context.events.on((event) => {
    if (event.type !== 'care') return;
    for (const { code, message, remedy } of event.care.problems) {
      if (!printed.has(message)) output.say(`${code}: ${message} ${remedy}`);
      printed.add(message);
    }
  });
}

/**
 * Runs `work` with a session. Ctrl-C (SIGINT, SIGTERM) and a closed stdout end it with CANCELLED, after the core has
 * brought runs and imports to a clean stop; a second Ctrl-C ends the process at once.
 * @param engineEnvironment for the engine's process
 * @throws AppError whatever the work failed with
 */
export async function withSession<T>(
  output: Output,
  work: (session: Session) => Promise<T>,
  engineEnvironment: Readonly<Record<string, string>> = {},
): Promise<T> {
  const interrupt = onInterrupt(() => output.say('Stopping… (Ctrl-C again to stop at once)'));
  const core = createNodeCore('cli', { engineEnvironment });
  sayProblems(core, output);
  try {
    return await Promise.race([work(openSession(core, interrupt.signal)), interrupt.cancelled]);
  } catch (thrown) {
    throw unwrapError(thrown);
  } finally {
    output.progress(null);
    await closeInTime(output, interrupt.signal, () => core.close());
    interrupt.release();
  }
}
