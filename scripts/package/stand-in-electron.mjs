// @ts-check
/** Files that look to electron-builder like Electron's distribution for Linux, for machines without it. */
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Marks the fuses inside Electron's executable, so that flipping them can be checked.
 * @see https://github.com/electron/fuses
 */
export const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** As Electron ships them: 1 on, 0 off, in the order of the fuses' version 1. */
const shippedFuses = '101100010';

/**
 * Makes the stand-in.
 * @param {string} root the checkout
 * @param {string} folder made here
 * @returns {string} the folder
 */
export function createStandIn(root, folder) {
  const electron = join(root, 'node_modules', 'electron');
  const { version } = JSON.parse(readFileSync(join(electron, 'package.json'), 'utf8'));
  mkdirSync(join(folder, 'resources'), { recursive: true });
  writeFileSync(join(folder, 'version'), version);
  cpSync(join(electron, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'LICENSES.chromium.html'), '<!doctype html><title>stand-in</title>');
  const wire = Buffer.concat([
    Buffer.from(fuseSentinel),
    Buffer.from([1, shippedFuses.length]),
    Buffer.from(shippedFuses),
  ]);
  const script =
    '#!/bin/sh\necho "This is a stand-in for Electron, made to check the package." >&2\nexit 1\n';
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from(script), wire]));
  chmodSync(join(folder, 'electron'), 0o755);
  return folder;
}
