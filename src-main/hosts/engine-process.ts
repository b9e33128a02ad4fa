/**
 * The engine process: loads the best backend there is, and answers the requests of `engineProcessContract`. Started by
 * the process that runs the core; ends when that is gone.
 */
import { logLine } from './node/log.ts';
import { RPCHandler } from '@orpc/server/message-port';
import { engineExplainContract } from '../contract/engine/explain.ts';
import { engineProcessContract } from '../contract/engine/engine.ts';
import { createEngineService, engineOnDemand } from './engine-process/engine-service.ts';
import { createExplainService } from './engine-process/explain-service.ts';
import { parentPort } from './node/parent-port.ts';
import { watchParent } from './engine-process/parent-watch.ts';
import { bindService } from '../services/base/bind-service.ts';

const log = (message: string, detail?: unknown): void => {
  if (process.env.LENSLET_DEBUG) logLine(`engine: ${message}`, detail);
};

// Ctrl-C goes to every process of a terminal. Whoever started this one wants a checkpoint first, and ends it then.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const port = parentPort();
port.on('close', () => process.exit(0));
watchParent();
const ready = engineOnDemand();
const router = {
  ...bindService(engineProcessContract, createEngineService(ready), log),
  explain: bindService(engineExplainContract, createExplainService(ready), log),
};
new RPCHandler(router).upgrade(port as Parameters<InstanceType<typeof RPCHandler>['upgrade']>[0]);
