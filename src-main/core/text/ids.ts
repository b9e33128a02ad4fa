import { z } from 'zod';

/** A short, sortable, unguessable-enough id: time in base 36, then random letters. */
export function createId(prefix: string, now: Date = new Date()): string {
  const time = now.getTime().toString(36).padStart(9, '0');
  const bytes = crypto.getRandomValues(new Uint8Array(4));
  const tail = Array.from(bytes, (byte) => (byte % 36).toString(36)).join('');
  return `${prefix}-${time}${tail}`;
}

function idSchema(prefix: string): z.ZodString {
  return z.string().regex(new RegExp(`^${prefix}-[a-z0-9]{1,64}$`), `not an id like ${prefix}-1a2b3c`);
}

/** Ids that name folders are checked wherever they come from a database, a file's name or the wire. */
export const runIdSchema = idSchema('run');
export const uploadIdSchema = idSchema('upload');
