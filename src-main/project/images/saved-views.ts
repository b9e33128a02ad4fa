/** Filters the user gave a name. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { type SavedView, savedViewSchema } from '../../contract/app/labels.ts';
import { prepared } from '../database/prepared.ts';
import { jsonColumn, readRows, soundRows } from '../database/stored-rows.ts';

const rowSchema = z.object({
  ...savedViewSchema.shape,
  filter: jsonColumn(savedViewSchema.shape.filter),
  sort: jsonColumn(savedViewSchema.shape.sort),
});

/** All views, by name; one that cannot be read is left out, and replaced when its name is saved again. */
export function listViews(database: DatabaseSync): SavedView[] {
  const statement = prepared(
    database,
    'SELECT id, name, filter, sort FROM saved_view ORDER BY name COLLATE NOCASE',
  );
  return soundRows(rowSchema, readRows(statement));
}

/** Keeps a view; one of the same name is replaced. */
export function saveView(database: DatabaseSync, view: Omit<SavedView, 'id'>): void {
  database
    .prepare(
      `INSERT INTO saved_view (name, filter, sort) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET filter = excluded.filter, sort = excluded.sort`,
    )
    .run(view.name, JSON.stringify(view.filter), JSON.stringify(view.sort));
}

/** Forgets a view. */
export function removeView(database: DatabaseSync, id: number): void {
  database.prepare('DELETE FROM saved_view WHERE id = ?').run(id);
}
