import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  readWindowState,
  smallest,
  usableBounds,
  writeWindowState,
} from '../../../../src-main/hosts/electron/window-state.ts';

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const monitor = { x: 1440, y: -200, width: 2560, height: 1400 };
const folder = mkdtempSync(join(tmpdir(), 'lenslet-window-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('where the window opens', () => {
  test('the first time in the middle of the primary display', () => {
    expect(usableBounds(null, [laptop, monitor])).toEqual({ x: 40, y: 33, width: 1360, height: 860 });
  });

  test('where it was, on any display that is still there', () => {
    const kept = { x: 1600, y: -100, width: 1800, height: 1100 };
    expect(usableBounds(kept, [laptop, monitor])).toEqual(kept);
  });

  test('back on the primary display when its monitor was unplugged', () => {
    const bounds = usableBounds({ x: 1600, y: -100, width: 1200, height: 800 }, [laptop]);
    expect(bounds).toEqual({ x: 120, y: 63, width: 1200, height: 800 });
  });

  test.each([
    { x: 1400, y: 100, width: 1000, height: 700 },
    { x: -980, y: 100, width: 1000, height: 700 },
    { x: 100, y: 880, width: 1000, height: 700 },
    { x: 100, y: -400, width: 1000, height: 700 },
  ])('never where the mouse cannot catch it: %j', (kept) => {
    const bounds = usableBounds(kept, [laptop]);
    expect(bounds.x).toBeGreaterThanOrEqual(laptop.x);
    expect(bounds.y).toBeGreaterThanOrEqual(laptop.y);
    expect(bounds.x + bounds.width).toBeLessThanOrEqual(laptop.x + laptop.width);
    expect(bounds.y + bounds.height).toBeLessThanOrEqual(laptop.y + laptop.height);
  });

  test('never larger than its display, never too small to use', () => {
    expect(usableBounds({ x: 0, y: 25, width: 5000, height: 4000 }, [laptop])).toMatchObject({
      width: 1440,
      height: 875,
    });
    expect(usableBounds({ x: 0, y: 25, width: 10, height: 10 }, [laptop])).toMatchObject(smallest);
    expect(usableBounds(null, [{ x: 0, y: 0, width: 800, height: 600 }])).toEqual({
      x: 0,
      y: 0,
      width: 800,
      height: 600,
    });
  });
});

describe('the file', () => {
  const path = join(folder, 'settings', 'window.json');
  const state = { bounds: { x: 1, y: 2, width: 1000, height: 700 }, maximized: true };

  test('is read back as written, and leaves nothing half-written', () => {
    expect(readWindowState(path)).toBeNull();
    writeWindowState(path, state);
    expect(readWindowState(path)).toEqual(state);
    expect(readdirSync(join(folder, 'settings'))).toEqual(['window.json']);
  });

  test.each([
    '',
    '{',
    '{"bounds":{"x":1}}',
    '{"bounds":{"x":"a","y":0,"width":1,"height":1},"maximized":false}',
    'null',
  ])('a damaged one (%s) counts as none', (text) => {
    writeFileSync(path, text);
    expect(readWindowState(path)).toBeNull();
  });

  test('where it cannot be written, nothing fails', () => {
    writeFileSync(join(folder, 'a-file'), '');
    const impossible = join(folder, 'a-file', 'window.json');
    writeWindowState(impossible, state);
    expect(existsSync(impossible)).toBe(false);
  });
});
