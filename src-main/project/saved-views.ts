/** Filters the user gave a name. */
import type { DatabaseSync } from 'node:sqlite';
import type { ImageFilter } from '../contract/datasets.ts';
import type { PhotoSort, SavedView } from '../contract/labels.ts';

/** All views, by name. */
export function listViews(database: DatabaseSync): SavedView[] {
  return database
    .prepare('SELECT id, name, filter, sort FROM saved_view ORDER BY name COLLATE NOCASE')
    .all()
    .map((row) => ({
      id: Number(row.id),
      name: String(row.name),
      filter: JSON.parse(String(row.filter)) as ImageFilter,
      sort: JSON.parse(String(row.sort)) as PhotoSort,
    }));
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
