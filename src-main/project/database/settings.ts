/** Small named values of a project: its id, its name, where its split comes from. */
import type { DatabaseSync } from 'node:sqlite';

/** The value of a setting, or null. */
export function readSetting(database: DatabaseSync, key: string): string | null {
  const row = database.prepare('SELECT value FROM setting WHERE key = ?').get(key) as
    { value: string } | undefined;
  return row?.value ?? null;
}

/** Sets a value; null removes it. */
export function writeSetting(database: DatabaseSync, key: string, value: string | null): void {
  if (value === null) database.prepare('DELETE FROM setting WHERE key = ?').run(key);
  else
    database
      .prepare(
        'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      )
      .run(key, value);
}
