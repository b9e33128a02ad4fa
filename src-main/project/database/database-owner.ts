/** Whose database a file is: any program may have written an SQLite file of the name `project.db`. */
import type { DatabaseSync } from 'node:sqlite';

/** "Lens" in ASCII: the application id in the header of our databases, from format 5 on. */
export const applicationId = 0x4c656e73;

/** Tables that every format of ours has. */
const ownTables = ['class', 'image', 'run', 'setting', 'source'];

/** Ours, whole or with tables missing; another program's; or nobody's: a database without any table. */
export type DatabaseOwner = 'lenslet' | 'lenslet without tables' | 'other' | 'nobody';

/** Whose a database is. Reads the header and the list of tables. */
export function databaseOwner(database: DatabaseSync): DatabaseOwner {
  const { application_id: id } = database.prepare('PRAGMA application_id').get() as {
    application_id: number;
  };
  const tables = new Set(
    database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .all()
      .map((row) => String(row.name)),
  );
  if (id !== 0 && id !== applicationId) return 'other';
  if (ownTables.every((name) => tables.has(name))) return 'lenslet';
  if (id === applicationId) return 'lenslet without tables';
  // Formats before 5 have no application id.
  return tables.size === 0 ? 'nobody' : 'other';
}
