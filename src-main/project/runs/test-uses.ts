/** How often the test photos were used, and what for: each choice that is made on them makes their figures flatter. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { type TestUse, testUseSchema } from '../../contract/app/judging/test-use.ts';
import { prepared } from '../database/prepared.ts';
import { readRows, soundRows } from '../database/stored-rows.ts';

/** Notes a use. It stays when the run is removed. */
export function insertTestUse(
  database: DatabaseSync,
  { run, name, purpose }: Pick<TestUse, 'run' | 'name' | 'purpose'>,
): void {
  prepared(database, 'INSERT INTO test_use (used_at, run_id, run_name, purpose) VALUES (?, ?, ?, ?)').run(
    new Date().toISOString(),
    run,
    name,
    purpose,
  );
}

/** All uses, the newest first. */
export function listTestUses(database: DatabaseSync): TestUse[] {
  const rows = readRows(
    prepared(
      database,
      'SELECT used_at AS usedAt, run_id AS run, run_name AS name, purpose FROM test_use ORDER BY id DESC',
    ),
  );
  return soundRows(z.object(testUseSchema.shape), rows);
}
