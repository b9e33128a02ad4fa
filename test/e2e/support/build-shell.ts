/** Bundles the desktop app where its sources have changed. */
import { resolve } from 'node:path';
import { ensureNodeBundle } from '../../../scripts/setup/bundles.mjs';
import { createReporter } from '../../../scripts/setup/reporter.mjs';

export default function buildShell(): Promise<void> {
  const checkout = resolve(import.meta.dirname, '..', '..', '..');
  return ensureNodeBundle({ checkout, reporter: createReporter() });
}
