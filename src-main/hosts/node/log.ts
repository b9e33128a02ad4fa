/** What a host writes to stderr besides a command's own words. */
import { inspect } from 'node:util';
import { printableText } from '../../core/text/printable-text.ts';

/** Writes a line, and what it is about: whatever a name or a request's path holds is shown and not obeyed. */
export function logLine(message: string, detail?: unknown): void {
  const about = detail === undefined ? '' : ` ${typeof detail === 'string' ? detail : inspect(detail)}`;
  process.stderr.write(`${printableText(message + about)}\n`);
}
