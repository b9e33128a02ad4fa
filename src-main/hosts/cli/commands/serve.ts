import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { AppError } from '../../../contract/shared/errors.ts';
import { createNodeCore } from '../../node/node-core.ts';
import { hasDisplay, openBrowser } from '../../node/open-browser.ts';
import { rendererFolder } from '../../node/places.ts';
import { startWebServer, type WebServer } from '../../web/web-server.ts';

import type { Core } from '../../../services/core.ts';
import { closeInTime } from '../close-in-time.ts';
import type { ServerFlags } from '../flags.ts';
import { onInterrupt } from '../interrupt.ts';
import type { ModelServerFlags } from './serve-model.ts';
import type { Output } from '../output.ts';

/** LENS on a telephone's keys. A fixed port keeps bookmarks and SSH tunnels working. */
const USUAL_PORT = 5367;

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Listens on the given port; without one on the usual port, or any free one when that is taken. */
async function listen(core: Core, { host, port }: ServerFlags): Promise<WebServer> {
  const at = (chosen: number): Promise<WebServer> =>
    startWebServer({ served: core, rendererFolder, host, port: chosen });
  if (port !== undefined) return at(port);
  return at(USUAL_PORT).catch((thrown: unknown) => {
    if (thrown instanceof AppError && thrown.code === 'SERVER_PORT_BUSY') return at(0);
    throw thrown;
  });
}

async function show(output: Output, server: WebServer, open: boolean): Promise<void> {
  output.answer({ url: server.url }, server.url);
  if (!open || !hasDisplay()) return;
  if (!(await openBrowser(server.ticketUrl())))
    output.say('No browser could be started; open the address above.');
}

/**
 * `lenslet serve`: serves a model to programs (`--model`), or the app until Ctrl-C, then brings runs to a clean stop; a second Ctrl-C ends at once.
 * @throws AppError SERVER_PORT_BUSY, SERVER_CANNOT_LISTEN, PROJECT_NOT_FOUND
 */
export async function serve(output: Output, flags: ServerFlags & Partial<ModelServerFlags>): Promise<void> {
  const { model } = flags;
  if (model !== undefined) {
    const { serveModel } = await import('./serve-model.ts');
    return serveModel(output, { ...flags, model });
  }
  const interrupt = onInterrupt(() => output.say('Stopping… (Ctrl-C again to stop at once)'));
  const core = createNodeCore('web');
  let server: WebServer | undefined;
  const start = async (): Promise<never> => {
    if (flags.project !== undefined) await core.projects.openFolder(resolve(flags.project));
    interrupt.signal.throwIfAborted();
    server = await listen(core, flags);
    if (!isLoopback(flags.host)) {
      output.say(
        'Anyone on the network who has this address and token can use this Lenslet; the connection is not encrypted.',
      );
    }
    await show(output, server, flags.open);
    return interrupt.cancelled;
  };
  // Started or not, the core ends first, behind a server that takes in nothing new: runs come to a clean stop, and
  // what was answered was done. Then the server with all its connections.
  const started = start();
  const end = async (): Promise<void> => {
    server?.drain();
    try {
      await core.close();
    } finally {
      await started.catch(() => undefined);
      await server?.close();
    }
  };
  try {
    await Promise.race([started, interrupt.cancelled]);
  } catch (thrown) {
    if (!interrupt.signal.aborted) throw thrown;
  } finally {
    await closeInTime(output, interrupt.signal, end);
    interrupt.release();
  }
}
