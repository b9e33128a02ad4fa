/** Binds services to the contract: a service is a plain object with one function per request of its domain. */
import type { ContractProcedure, ErrorMap, InferSchemaInput, InferSchemaOutput, Meta } from '@orpc/contract';
import { type AnyProcedure, type Router, implement } from '@orpc/server';
import type { CallContext } from './meant-project.ts';
import { toWireError } from './wire-errors.ts';

/** Every request is a procedure: `oc.input(…).output(…)`. */
type Domain = Record<string, { '~orpc': unknown }>;

/** What a handler gets besides its input. */
export interface CallOptions {
  /** Aborted when the caller goes away or cancels. */
  readonly signal?: AbortSignal | undefined;
}

type HandlerOf<Procedure> =
  Procedure extends ContractProcedure<infer Input, infer Output, ErrorMap, Meta>
    ? (
        input: InferSchemaOutput<Input>,
        options: CallOptions,
      ) => InferSchemaInput<Output> | Promise<InferSchemaInput<Output>>
    : never;

/** The functions that a domain of the contract requires. */
export type ServiceOf<Contract extends Domain> = {
  readonly [Name in keyof Contract]: HandlerOf<Contract[Name]>;
};

/** The part of oRPC's implementer this file uses; its full type depends on every procedure of the contract. */
interface Bindable {
  handler(run: (call: { input: unknown; signal?: AbortSignal }) => unknown): AnyProcedure;
}
interface Implementer {
  use(
    middleware: (options: { context: CallContext; next(): Promise<unknown> }) => Promise<unknown>,
  ): Record<string, Bindable>;
}

function isStream(answer: unknown): answer is AsyncGenerator<unknown, void> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

/** A stream's failures cross the line after its request was answered, past where requests' failures are seen to. */
async function* withKnownErrors(
  stream: AsyncGenerator<unknown, void>,
  log: (message: string, detail?: unknown) => void,
): AsyncGenerator<unknown, void> {
  try {
    yield* stream;
  } catch (error) {
    throw toWireError(error, log);
  }
}

/**
 * Makes oRPC procedures of a service. Input and output are checked against the contract's schemas; whatever is
 * thrown crosses the boundary as `ErrorData`.
 * @param check looks at each call before it is answered, and throws to refuse it
 */
export function bindService<Contract extends Domain>(
  contract: Contract,
  service: ServiceOf<Contract>,
  log: (message: string, detail?: unknown) => void,
  check: (context: CallContext) => void = () => undefined,
): Router<Contract & Record<string, never>, Record<never, never>> {
  const implementer = (implement(contract as never) as Implementer).use(async (call) => {
    try {
      check(call.context);
      return await call.next();
    } catch (error) {
      throw toWireError(error, log);
    }
  });
  const handlers = service as Record<string, (input: unknown, options: CallOptions) => unknown>;
  const procedures = Object.keys(contract).map((name) => [
    name,
    implementer[name].handler(async ({ input, signal }) => {
      const answer = await handlers[name](input, { signal });
      return isStream(answer) ? withKnownErrors(answer, log) : answer;
    }),
  ]);
  return Object.fromEntries(procedures) as Router<Contract & Record<string, never>, Record<never, never>>;
}
