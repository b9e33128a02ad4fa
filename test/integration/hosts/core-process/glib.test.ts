/**
 * sharp's libvips brings its own GLib, and collides with the system's where a process has both, as every process of
 * Electron's binary for Linux has (electron#46323, sharp's installation page, "Electron and Linux"). The core therefore
 * runs in a process of plain Node.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainNode } from '../../../../src-main/hosts/node/places.ts';
import { drawFolder } from '../../../e2e/support/photos.ts';

const folder = mkdtempSync(join(tmpdir(), 'lenslet-glib-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => drawFolder(join(folder, 'photos'), { circles: 3, stripes: 3 }));

interface Report {
  readonly images: number;
  readonly thumbnail: { status: number; type: string | null; bytes: number };
  readonly here: string[];
  readonly core: string[];
}

/** Runs the photo path in a process that has the system's GLib. @returns what it reports, and what it wrote to stderr */
async function run(
  where: 'inside' | 'beside',
): Promise<{ report: Report | null; errors: string; signal: string }> {
  const program = join(import.meta.dirname, '../../../fixtures/process-with-glib.ts');
  const env = { ...process.env, LENSLET_HOME: join(folder, where), LENSLET_CACHE: join(folder, 'cache') };
  const ended = await promisify(execFile)(plainNode(), [program, where, join(folder, 'photos')], {
    env,
  }).catch((thrown: unknown) => thrown as { stdout: string; stderr: string; signal: string | null });
  const last = ended.stdout.trim().split('\n').at(-1) ?? '';
  return {
    report: last === '' ? null : (JSON.parse(last) as Report),
    errors: ended.stderr,
    signal: 'signal' in ended ? (ended.signal ?? '') : '',
  };
}

const hasGlib =
  process.platform === 'linux' &&
  /libgobject-2\.0/.test(spawnSync('/sbin/ldconfig', ['-p']).stdout?.toString() ?? '');

// What comes of it differs with the version of GLib: messages without end, or an abort at the first photo.
test.runIf(hasGlib)(
  'a core in a process that has the system’s GLib collides with it',
  { timeout: 120_000 },
  async () => {
    const { errors, signal } = await run('inside');
    expect(errors + signal).toMatch(/G_IS_OBJECT|VIPS_IS_OBJECT|SIGABRT|SIGSEGV/);
  },
);

test.runIf(hasGlib)(
  'the core beside such a process decodes photos untouched',
  { timeout: 120_000 },
  async () => {
    const { report, errors } = await run('beside');
    expect(errors).not.toMatch(/GLib|G_IS_OBJECT|VIPS/);
    expect(report?.images).toBe(6);
    expect(report?.thumbnail).toMatchObject({ status: 200, type: 'image/jpeg' });
    expect(report?.thumbnail.bytes).toBeGreaterThan(500);
    // The shell has GLib and nothing of ours; the core has libvips and no GLib of the system.
    expect(report?.here.join()).toContain('libgobject-2.0');
    expect(report?.here.join()).not.toMatch(/vips|sharp|tensorflow|tfjs|\.node\b/);
    expect(report?.core.join()).toMatch(/vips/);
    expect(report?.core.join()).not.toContain('libgobject');
  },
);
