/**
 * The core process of the desktop app: plain Node, started by Electron's main process (ADR 17). It has projects, photos
 * and the engine; the window has none of that in its process.
 */
import { RPCHandler } from '@orpc/server/message-port';
import { coreProcessContract } from '../contract/desktop/desktop.ts';
import { bindService } from '../services/base/bind-service.ts';
import { createCoreProcess } from './core-process/core-process.ts';
import { conversation } from './node/conversation.ts';
import { logLine } from './node/log.ts';
import { parentPort } from './node/parent-port.ts';

// Ctrl-C and the end of a session go to every process. The shell asks for a clean stop, or is gone, which is seen.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const port = parentPort();
const service = createCoreProcess(conversation(port, 'shell'));
port.on('close', () => void service.close().finally(() => process.exit(0)));

const log = (message: string, detail?: unknown): void => logLine(`lenslet: ${message}`, detail);
const handler = new RPCHandler(bindService(coreProcessContract, service, log));
handler.upgrade(conversation(port, 'core') as Parameters<typeof handler.upgrade>[0]);
