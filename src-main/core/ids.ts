/** A short, sortable, unguessable-enough id: time in base 36, then random letters. */
export function createId(prefix: string, now: Date = new Date()): string {
  const time = now.getTime().toString(36).padStart(9, '0');
  const bytes = crypto.getRandomValues(new Uint8Array(4));
  const tail = Array.from(bytes, (byte) => (byte % 36).toString(36)).join('');
  return `${prefix}-${time}${tail}`;
}
