/** So many names stand in a sentence. */
const maxNames = 8;

/** Names in quotes, as a sentence lists them; of many the first few. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, maxNames).map((name) => `“${name.slice(0, 60)}”`);
  if (names.length > maxNames) shown.push(`${names.length - maxNames} more`);
  return shown.join(', ');
}
