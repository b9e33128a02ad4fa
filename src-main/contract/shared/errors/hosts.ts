/** The web server, the command line and uploads. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const hostErrors = {
  SERVER_PORT_BUSY: {
    message: 'Port {port} is in use by another program.',
    remedy: 'Choose another with --port, or --port 0 for any free one.',
  },
  SERVER_CANNOT_LISTEN: {
    message: 'The server cannot listen on {address} ({reason}).',
    remedy: 'Give an address of this machine with --host, and a port above 1023 with --port.',
  },
  BENCH_UNAVAILABLE: {
    message: 'There are no benchmarks in {folder}.',
    remedy: 'They are part of the source code: run the command in a checkout of Lenslet.',
  },
  BENCH_FAILED: {
    message: 'The benchmarks ended with {outcome}.',
    remedy: 'The output above names the reason.',
  },
  USAGE_INVALID: { message: '{detail}.', remedy: 'See `lenslet {command}--help`.' },
  UPLOAD_INVALID: {
    message: 'The upload was refused: {reason}.',
    remedy: 'Drop it again. Where a name is to blame, rename the file first.',
  },
} as const satisfies Record<string, CatalogueEntry>;
