/** The services, as functions: `await api.projects.create({ name })`. Failures are AppErrors. */
import { type ClientContext, type ClientLink, type ClientOptions, createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../src-main/contract/app/index.ts';
import { AppError } from '../../src-main/contract/shared/errors.ts';
import { toAppError } from './errors.ts';
import { takeKeys } from './keys.ts';
import { Wire, dialPort, dialSocket } from './wire.ts';

/** How long a call waits for a broken connection to come back, in milliseconds. */
const patience = 8000;

/** Where this page runs. */
export const host: 'electron' | 'web' = globalThis.window?.lenslet?.host ?? 'web';

// Here, because it has to be done before anything is asked for and before the router reads the address.
if (host === 'web' && globalThis.window !== undefined) takeKeys();

/** The connection all calls share. */
export const wire = new Wire(host === 'electron' ? dialPort : dialSocket);

const link: ClientLink<ClientContext> = {
  async call(path: readonly string[], input: unknown, options: ClientOptions<ClientContext>) {
    const open = await wire.ready(patience);
    if (open === null) throw new AppError('CONNECTION_LOST');
    try {
      return await open.call(path, input, options);
    } catch (thrown) {
      // The link it was sent on is gone: the answer will never come, whatever was thrown for it.
      if (wire.link !== open) throw new AppError('CONNECTION_LOST', {}, { cause: thrown });
      throw toAppError(thrown);
    }
  },
};

export const api: ContractRouterClient<Contract> = createORPCClient(link);
