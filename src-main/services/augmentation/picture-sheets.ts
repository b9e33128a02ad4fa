/** Pictures for people to look at, many on one sheet, kept in memory until newer ones replace them. */
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import type { PictureSheet } from '../../contract/app/augmentation-preview.ts';
import { sheetAddress } from '../../contract/shared/media.ts';
import type { TileSpec } from '../../datasets/photos/tiles.ts';
import type { Project } from '../../project/project.ts';
import { projectPart } from '../base/project-session.ts';
import { projectKey } from '../base/project-key.ts';

const widest = 8;
/** A page may still load the sheets of what it showed a moment ago. */
const kept = 12;
const sheets = projectPart(() => new Map<string, Buffer>());

/** Puts tiles on a sheet, row by row, and keeps it as a PNG without loss. */
export async function keepSheet(
  project: Project,
  { size, channels }: TileSpec,
  tiles: readonly Uint8Array[],
): Promise<PictureSheet> {
  const columns = Math.min(widest, Math.max(1, tiles.length));
  const raw = { width: columns * size, height: Math.ceil(tiles.length / columns) * size, channels };
  // Packing tighter would take longer than it saves: the sheet does not leave the machine.
  const png = await sharp(arrange(tiles, size * channels, size, columns), { raw })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const known = sheets(project);
  const id = randomUUID();
  known.set(id, png);
  for (const [oldest] of known) {
    if (known.size <= kept) break;
    known.delete(oldest);
  }
  return { address: sheetAddress(projectKey(project), id), columns, size, channels, count: tiles.length };
}

/** A sheet as PNG, or null when it is not there any more. */
export function findSheet(project: Project, id: string): Buffer | null {
  return sheets(project).get(id) ?? null;
}

function arrange(tiles: readonly Uint8Array[], rowBytes: number, rows: number, columns: number): Buffer {
  const whole = Buffer.alloc(Math.ceil(tiles.length / columns) * columns * rows * rowBytes);
  tiles.forEach((tile, index) => {
    const corner = Math.floor(index / columns) * rows * columns * rowBytes + (index % columns) * rowBytes;
    for (let row = 0; row < rows; row++) {
      whole.set(tile.subarray(row * rowBytes, (row + 1) * rowBytes), corner + row * columns * rowBytes);
    }
  });
  return whole;
}
