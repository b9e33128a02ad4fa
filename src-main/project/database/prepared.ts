import type { DatabaseSync, StatementSync } from 'node:sqlite';

const statements = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** A statement, prepared the first time it is asked for: for those that run once an image. */
export function prepared(database: DatabaseSync, sql: string): StatementSync {
  let known = statements.get(database);
  if (known === undefined) statements.set(database, (known = new Map<string, StatementSync>()));
  let statement = known.get(sql);
  if (statement === undefined) known.set(sql, (statement = database.prepare(sql)));
  return statement;
}
