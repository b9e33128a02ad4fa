/** What is known of the photos on the map: the colours are made of it. */
import type { DatabaseSync } from 'node:sqlite';
import { checks } from '../../analysis/checks/index.ts';
import { packIds, unpackIds } from '../../contract/shared/id-ranges.ts';
import { type MapMarks, photoFlags } from '../../contract/app/map.ts';
import { type Split, splitNames } from '../../contract/shared/vocabulary.ts';
import type { StoredMap } from '../../analysis/map/map-file.ts';
import { readRevision } from '../../project/edits/journal.ts';
import { bestPredictions, photoColumns, photosWithFindings } from '../../project/images/photo-marks.ts';

/** Bits of a whole number that are never its sign. */
const maxChecks = 31;

/** Reads the marks of all photos of a map. */
export function readMarks(database: DatabaseSync, map: Pick<StoredMap, 'version' | 'ids'>): MapMarks {
  const ids = unpackIds(map.ids);
  const place = new Map(Array.from(ids, (id, at) => [id, at]));
  const labels = readLabels(database, place);
  const predicted = bestPredictions(database);
  const predictions = new Int32Array(ids.length).fill(-1);
  predicted?.ids.forEach((id, at) => {
    const of = place.get(id);
    if (of !== undefined) predictions[of] = predicted.classes[at];
  });
  const { findings, shown } = readFindings(database, place);
  return {
    version: map.version,
    revision: readRevision(database),
    classes: packIds(labels.classes),
    splits: packIds(labels.splits),
    predictions: packIds(predictions),
    findings: packIds(findings),
    flags: packIds(labels.flags),
    checks: shown,
    run: predicted?.run ?? null,
  };
}

function readLabels(database: DatabaseSync, place: ReadonlyMap<number, number>) {
  const columns = photoColumns(database);
  const classes = new Int32Array(place.size).fill(-1);
  const splits = new Int32Array(place.size).fill(-1);
  const flags = new Int32Array(place.size).fill(photoFlags.gone);
  columns.ids.forEach((id, row) => {
    const at = place.get(id);
    if (at === undefined) return;
    classes[at] = columns.classes[row] ?? -1;
    splits[at] = splitNames.indexOf(columns.splits[row] as Split);
    flags[at] = columns.excluded[row] === 1 ? photoFlags.excluded : 0;
  });
  return { classes, splits, flags };
}

function readFindings(database: DatabaseSync, place: ReadonlyMap<number, number>) {
  const found = photosWithFindings(database);
  const shown = checks.filter(({ id }) => found.has(id)).slice(0, maxChecks);
  const findings = new Int32Array(place.size);
  shown.forEach(({ id }, bit) => {
    for (const image of found.get(id) ?? []) {
      const at = place.get(image);
      if (at !== undefined) findings[at] |= 1 << bit;
    }
  });
  return { findings, shown: shown.map(({ id, label }) => ({ id, label })) };
}
