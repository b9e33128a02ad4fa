import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { packRanges } from '../../../../src-main/contract/shared/id-ranges.ts';
import { applyEdit, undoEdit } from '../../../../src-main/project/edits/journal.ts';
import { type Project, createProject } from '../../../../src-main/project/project.ts';
import { Agreement } from '../../../../src-main/services/suggestions/agreement.ts';
import { PhotoSet, placeIn } from '../../../../src-main/services/suggestions/photo-set.ts';
import { Suggested } from '../../../../src-main/services/suggestions/suggested.ts';
import { addPhotos } from '../../../fixtures/labelled-project.ts';

describe('how often a suggestion was agreed with', () => {
  test('counts only photos that had a suggestion before their label', () => {
    const agreement = new Agreement();
    agreement.note(1, 7, 7);
    agreement.note(2, 7, 8);
    agreement.note(3, null, 8);
    expect(agreement.read()).toEqual({ asked: 2, agreed: 1 });
  });

  test('a corrected label counts as corrected, one taken back not at all', () => {
    const agreement = new Agreement();
    agreement.note(1, 7, 7);
    agreement.note(2, 7, 8);
    agreement.note(2, null, 7);
    expect(agreement.read()).toEqual({ asked: 2, agreed: 2 });
    agreement.note(1, null, -1);
    expect(agreement.read()).toEqual({ asked: 1, agreed: 1 });
  });

  test('looks at the last fifty', () => {
    const agreement = new Agreement();
    for (let id = 0; id < 80; id++) agreement.note(id, 1, id < 40 ? 2 : 1);
    expect(agreement.read()).toEqual({ asked: 50, agreed: 40 });
  });
});

describe('suggestions that were learnt', () => {
  const suggested = new Suggested({
    ids: Int32Array.of(2, 4, 6, 8, 9),
    labels: Int32Array.of(1, -1, -1, -1, 2),
    classIds: Int32Array.of(1, 2),
    classes: Int32Array.of(1, 2, 1, -1, 2),
    probabilities: Float32Array.of(0.99, 0.75, 0.5, 0, 0.9),
    queue: Int32Array.of(3, 1),
  });

  test('are found by photo; the ones of labelled photos are not guesses', () => {
    expect(suggested.of(4)).toEqual({ id: 4, classId: 2, probability: 0.75, learntAs: null });
    expect(suggested.of(2)).toMatchObject({ classId: 1, learntAs: 1 });
    expect(suggested.of(8)).toBeNull();
    expect(suggested.of(5)).toBeNull();
    expect(suggested.unseen(4)).toBe(2);
    expect(suggested.unseen(2)).toBeNull();
    expect(suggested).toMatchObject({ learntFrom: 2, count: 2 });
  });

  test('put what is best labelled next first, then the least certain', () => {
    expect(suggested.queueFirst([8, 2, 4, 5, 6, 9])).toEqual([8, 4, 6, 9, 2, 5]);
    expect(suggested.queueFirst([6, 2])).toEqual([6, 2]);
  });

  test('put the least certain first, and photos without one last', () => {
    expect(suggested.order([8, 2, 4, 5, 6, 9], false)).toEqual([6, 4, 9, 2, 8, 5]);
    expect(suggested.order([8, 2, 4, 5, 6, 9], true)).toEqual([2, 9, 4, 6, 8, 5]);
  });
});

describe('the photos and their labels', () => {
  let folder: string;
  let project: Project;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lenslet-suggestions-'));
    project = createProject(join(folder, 'project'), 'Test');
  });
  afterEach(() => {
    project.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('follow edits and undo, as the database does', () => {
    const names = ['cats', 'cats', 'dogs', null, null, null];
    const ids = addPhotos(
      project.database,
      names.map((className) => ({ className })),
    );
    const photos = new PhotoSet(project.database);
    const [cats, dogs] = [photos.labels[0], photos.labels[2]];
    const images = packRanges([ids[1], ids[3], ids[4]]);
    const edit = applyEdit(project.database, { kind: 'label', images, classId: dogs });
    expect(photos.follow(edit.changes)).toEqual([
      { id: ids[1], before: cats, now: dogs },
      { id: ids[3], before: -1, now: dogs },
      { id: ids[4], before: -1, now: dogs },
    ]);
    expect(photos.labels).toEqual(new PhotoSet(project.database).labels);
    photos.follow(undoEdit(project.database).changes);
    expect(photos.labels).toEqual(new PhotoSet(project.database).labels);
    photos.follow(applyEdit(project.database, { kind: 'class-delete', classId: cats }).changes);
    expect([...photos.labels]).toEqual([-1, -1, dogs, -1, -1, -1]);
  });

  test('tell which classes have enough photos with features', () => {
    const names = ['cats', 'cats', 'cats', 'dogs', 'dogs', 'dogs', null];
    addPhotos(
      project.database,
      names.map((className) => ({ className })),
    );
    const photos = new PhotoSet(project.database);
    const slots = Int32Array.from(names, (_, at) => at);
    expect(photos.classesWith(3, slots)).toHaveLength(2);
    slots[4] = -1;
    expect([...photos.classesWith(3, slots)]).toEqual([photos.labels[0]]);
  });

  test('places are found in ascending ids', () => {
    const ids = Int32Array.of(1, 5, 9);
    expect([1, 5, 9, 0, 4, 10].map((id) => placeIn(ids, id))).toEqual([0, 1, 2, -1, -1, -1]);
  });
});
