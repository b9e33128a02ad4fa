import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { type ContractRouterClient, eventIterator, oc } from '@orpc/contract';
import { RPCHandler } from '@orpc/server/message-port';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';
import { bindService } from '../../../../src-main/services/base/bind-service.ts';

const contract = {
  double: oc.input(z.object({ value: z.number() })).output(z.number()),
  fail: oc.input(z.object({ how: z.enum(['expected', 'bug', 'wrong output']) })).output(z.string()),
  count: oc.output(eventIterator(z.number())),
};

describe('a service bound to its contract, over a real message port', () => {
  let channel: MessageChannel;
  let client: ContractRouterClient<typeof contract>;
  let stopped: () => void;
  let countingStopped: Promise<void>;
  const log = vi.fn();

  beforeEach(() => {
    countingStopped = new Promise((resolve) => {
      stopped = resolve;
    });
    const router = bindService(
      contract,
      {
        double: ({ value }) => value * 2,
        fail: ({ how }) => {
          if (how === 'expected') throw new AppError('PROJECT_LOCKED', { path: 'cats', pid: 7 });
          if (how === 'bug') throw new TypeError('secret is undefined');
          return 7 as unknown as string;
        },
        async *count(_, { signal }) {
          try {
            for (let value = 0; !signal?.aborted; value++) {
              yield value;
              await new Promise((resolve) => setTimeout(resolve, 1));
            }
          } finally {
            stopped();
          }
        },
      },
      log,
    );
    channel = new MessageChannel();
    new RPCHandler(router).upgrade(channel.port1);
    channel.port1.start();
    client = createORPCClient(new RPCLink({ port: channel.port2 }));
    channel.port2.start();
  });
  afterEach(() => {
    channel.port1.close();
    channel.port2.close();
  });

  it('answers', async () => {
    expect(await client.double({ value: 21 })).toBe(42);
  });

  it('carries an expected failure with code, params, sentence and remedy', async () => {
    await expect(client.fail({ how: 'expected' })).rejects.toMatchObject({
      data: {
        code: 'PROJECT_LOCKED',
        kind: 'expected',
        params: { path: 'cats', pid: 7 },
        remedy: 'Close it there first.',
      },
    });
  });

  it('names the field of an invalid input', async () => {
    await expect(client.double({ value: 'x' as unknown as number })).rejects.toMatchObject({
      data: { code: 'INPUT_INVALID', params: { detail: expect.stringMatching(/^value: /) as unknown } },
    });
  });

  it('reports a bug as a bug, logs its stack and keeps the stack to itself', async () => {
    const failure = await client.fail({ how: 'bug' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ data: { code: 'INTERNAL_BUG', kind: 'bug' } });
    expect(JSON.stringify(failure)).not.toContain('wire.test.ts');
    expect(log).toHaveBeenCalledWith('bug', expect.any(TypeError));
    await expect(client.fail({ how: 'wrong output' })).rejects.toMatchObject({ data: { kind: 'bug' } });
  });

  it('streams events and stops the service when the listener stops', async () => {
    const seen: number[] = [];
    for await (const value of await client.count()) {
      seen.push(value);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([0, 1, 2]);
    await countingStopped;
  });
});
