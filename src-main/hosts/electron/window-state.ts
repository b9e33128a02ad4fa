/** Where the window was and how large, kept from one start to the next. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const rectangleSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
});
/** Screen pixels, independent of the display's scale. */
export type Rectangle = z.infer<typeof rectangleSchema>;

const stateSchema = z.object({ bounds: rectangleSchema, maximized: z.boolean() });
export type WindowState = z.infer<typeof stateSchema>;

export const smallest = { width: 960, height: 640 } as const;
const usual = { width: 1360, height: 860 } as const;
/** How much of the window must be on a display to be caught with the mouse. */
const VISIBLE = 96;

function overlap(from: number, length: number, otherFrom: number, otherLength: number): number {
  return Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom);
}

function isReachable(bounds: Rectangle, display: Rectangle): boolean {
  return (
    overlap(bounds.x, bounds.width, display.x, display.width) >= VISIBLE &&
    // The title bar is at the top: that edge itself must be on the display.
    bounds.y >= display.y &&
    bounds.y <= display.y + display.height - VISIBLE
  );
}

function fitted(
  size: { width: number; height: number },
  display: Rectangle,
): { width: number; height: number } {
  return {
    width: Math.min(display.width, Math.max(smallest.width, size.width)),
    height: Math.min(display.height, Math.max(smallest.height, size.height)),
  };
}

/**
 * Bounds that can be seen: the kept ones if they still lie on a display, else the usual size in the middle of the
 * first one (a monitor may have been unplugged, or its resolution changed).
 * @param kept what was saved, or null
 * @param displays work areas, the primary one first
 */
export function usableBounds(kept: Rectangle | null, displays: readonly Rectangle[]): Rectangle {
  const home = kept && displays.find((display) => isReachable(kept, display));
  if (kept && home) return { x: kept.x, y: kept.y, ...fitted(kept, home) };
  const [primary] = displays;
  const { width, height } = fitted(kept ?? usual, primary);
  return {
    x: primary.x + Math.round((primary.width - width) / 2),
    y: primary.y + Math.round((primary.height - height) / 2),
    width,
    height,
  };
}

/** Reads the state; null when there is none or it is damaged: it is a convenience, not data. */
export function readWindowState(path: string): WindowState | null {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

/** Writes the state, whole or not at all. A disk that is full or read-only costs only the convenience. */
export function writeWindowState(path: string, state: WindowState): void {
  const temporary = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, JSON.stringify(state));
    renameSync(temporary, path);
  } catch {
    return;
  }
}
