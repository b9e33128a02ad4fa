/** From what the user did to the changes it means, with the sentence for the journal. */
import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../contract/shared/errors.ts';
import { packRanges, unpackRanges } from '../../contract/shared/id-ranges.ts';
import type { Change, Edit } from '../../contract/app/edits.ts';
import {
  type ClassRow,
  classOrderSetting,
  findClass,
  listClasses,
  nextClass,
  readClass,
} from '../images/classes.ts';

/** Changes to be made in order, and the sentence once it is known how many images they changed. */
export interface PlannedEdit {
  readonly changes: readonly Change[];
  sentence(images: number): string;
}

const words = { train: 'training', validation: 'validation', test: 'test' } as const;

function photos(count: number): string {
  return count === 1 ? '1 photo' : `${count.toLocaleString('en')} photos`;
}

/**
 * Plans an edit on the database as it is now.
 * @throws AppError NOT_FOUND for a class that is not there, DATASET_CLASS_EXISTS, INPUT_INVALID
 */
export function planEdit(database: DatabaseSync, edit: Edit): PlannedEdit {
  return isClassEdit(edit) ? planClassEdit(database, edit) : planPhotoEdit(database, edit);
}

function isClassEdit(edit: Edit): edit is ClassEdit {
  return edit.kind.startsWith('class-');
}

function planPhotoEdit(database: DatabaseSync, edit: Exclude<Edit, ClassEdit>): PlannedEdit {
  switch (edit.kind) {
    case 'label':
      return planLabel(database, edit);
    case 'label-as': {
      const made = classByName(database, edit.name);
      return {
        changes: [...made.changes, { type: 'label', images: edit.images, classId: made.id }],
        sentence: (images) => `Labelled ${photos(images)} as “${made.name}”.`,
      };
    }
    case 'assign':
      return planAssign(database, edit);
    case 'split':
      return {
        changes: [{ type: 'split', images: edit.images, split: edit.split }],
        sentence: (images) =>
          edit.split === null
            ? `Took ${photos(images)} out of the split.`
            : `Moved ${photos(images)} to the ${words[edit.split]} split.`,
      };
    case 'exclude':
    case 'restore':
      return {
        changes: [{ type: 'excluded', images: edit.images, excluded: edit.kind === 'exclude' }],
        sentence: (images) => `${edit.kind === 'exclude' ? 'Excluded' : 'Restored'} ${photos(images)}.`,
      };
    case 'comment': {
      const comment = edit.comment === '' ? null : edit.comment;
      return {
        changes: [{ type: 'comment', images: edit.images, comment }],
        sentence: (images) =>
          `${comment === null ? 'Removed the comment of' : 'Commented on'} ${photos(images)}.`,
      };
    }
    case 'dismiss':
      return {
        changes: edit.keys.map((key) => ({ type: 'dismissal', key, dismissed: edit.dismissed })),
        sentence: () => {
          const what = edit.keys.length === 1 ? '1 finding' : `${edit.keys.length} findings`;
          return edit.dismissed ? `Put ${what} aside.` : `Brought ${what} back.`;
        },
      };
    case 'draw-split':
      return {
        changes: [
          ...edit.splits.map(({ split, images }) => ({ type: 'split' as const, split, images })),
          { type: 'setting', key: 'split.origin', value: 'seeded' },
          { type: 'setting', key: 'split.seed', value: String(edit.seed) },
          { type: 'setting', key: 'split.fractions', value: JSON.stringify(edit.fractions) },
          { type: 'setting', key: 'split.groups', value: edit.groups },
        ],
        sentence: (images) => `Drew a new split (seed ${edit.seed}); ${photos(images)} moved.`,
      };
  }
}

function planLabel(database: DatabaseSync, edit: Extract<Edit, { kind: 'label' }>): PlannedEdit {
  const name = edit.classId === null ? null : classById(database, edit.classId).name;
  return {
    changes: [{ type: 'label', images: edit.images, classId: edit.classId }],
    sentence: (images) =>
      name === null ? `Took the label off ${photos(images)}.` : `Labelled ${photos(images)} as “${name}”.`,
  };
}

function planAssign(database: DatabaseSync, edit: Extract<Edit, { kind: 'assign' }>): PlannedEdit {
  const made: Change[] = [];
  const changes: Change[] = [];
  const known = new Map<string, number>();
  const next = nextClass(database);
  for (const { name, images } of edit.labels) {
    const normal = name?.normalize('NFC') ?? null;
    let classId = normal === null ? null : (known.get(normal) ?? findClass(database, normal));
    if (normal !== null && classId === null) {
      classId = next.id + made.length;
      const position = next.position + made.length;
      made.push({ type: 'class', id: classId, name: normal, position, none: false });
    }
    if (normal !== null && classId !== null) known.set(normal, classId);
    changes.push({ type: 'label', images, classId });
  }
  for (const { split, images } of edit.splits) changes.push({ type: 'split', split, images });
  return {
    changes: [...made, ...changes],
    sentence: (images) => `Applied ${edit.what}: ${photos(images)} changed.`,
  };
}

type ClassEdit = Extract<Edit, { kind: `class-${string}` }>;

function planClassEdit(database: DatabaseSync, edit: ClassEdit): PlannedEdit {
  switch (edit.kind) {
    case 'class-create': {
      const { name, changes } = newClass(database, edit.name, edit.none);
      return { changes, sentence: () => `Made the class “${name}”.` };
    }
    case 'class-rename': {
      const old = classById(database, edit.classId);
      const name = edit.name.normalize('NFC');
      return {
        changes: [{ ...toChange(old), name }],
        sentence: () => `Renamed the class “${old.name}” to “${name}”.`,
      };
    }
    case 'class-merge':
      return planMerge(database, edit);
    case 'class-split': {
      const old = classById(database, edit.classId);
      const made = newClass(database, edit.name, false);
      return {
        changes: [...made.changes, { type: 'label', images: inClass(database, edit), classId: made.id }],
        sentence: (images) => `Split ${photos(images)} off “${old.name}” into the class “${made.name}”.`,
      };
    }
    case 'class-delete': {
      const { id, name } = classById(database, edit.classId);
      return {
        changes: [
          { type: 'label', images: imagesOf(database, [id]), classId: null },
          { type: 'class-removed', id },
        ],
        sentence: (images) =>
          `Deleted the class “${name}”${images === 0 ? '' : `; ${photos(images)} lost the label`}.`,
      };
    }
    case 'class-order': {
      const rows = edit.classIds.map((id) => classById(database, id));
      const others = listClasses(database).filter(({ id }) => !edit.classIds.includes(id));
      return {
        changes: [
          ...[...rows, ...others].map((row, position) => ({ ...toChange(row), position })),
          { type: 'setting', key: classOrderSetting, value: 'user' },
        ],
        sentence: () => 'Reordered the classes.',
      };
    }
    case 'class-none': {
      const row = classById(database, edit.classId);
      return {
        changes: [{ ...toChange(row), none: edit.none }],
        sentence: () =>
          edit.none
            ? `Marked “${row.name}” as “none of these”.`
            : `“${row.name}” is a class like the others again.`,
      };
    }
  }
}

function planMerge(database: DatabaseSync, edit: Extract<Edit, { kind: 'class-merge' }>): PlannedEdit {
  const into = classById(database, edit.into);
  const from = [...new Set(edit.from)].filter((id) => id !== into.id).map((id) => classById(database, id));
  if (from.length === 0)
    throw new AppError('INPUT_INVALID', { detail: 'a class cannot be merged into itself' });
  const names = from.map(({ name }) => `“${name}”`).join(', ');
  return {
    changes: [
      {
        type: 'label',
        images: imagesOf(
          database,
          from.map(({ id }) => id),
        ),
        classId: into.id,
      },
      ...from.map(({ id }) => ({ type: 'class-removed' as const, id })),
    ],
    sentence: (images) => `Merged ${names} into “${into.name}” (${photos(images)}).`,
  };
}

function toChange({ id, name, position, none }: ClassRow): Extract<Change, { type: 'class' }> {
  return { type: 'class', id, name, position, none };
}

function classById(database: DatabaseSync, id: number): ClassRow {
  const row = readClass(database, id);
  if (row === null) throw new AppError('NOT_FOUND', { what: 'class', id });
  return row;
}

interface NamedClass {
  readonly id: number;
  readonly name: string;
  readonly changes: Change[];
}

function newClass(database: DatabaseSync, name: string, none: boolean): NamedClass {
  const normal = name.normalize('NFC');
  if (findClass(database, normal) !== null) throw new AppError('DATASET_CLASS_EXISTS', { name: normal });
  const { id, position } = nextClass(database);
  return { id, name: normal, changes: [{ type: 'class', id, name: normal, position, none }] };
}

function classByName(database: DatabaseSync, name: string): NamedClass {
  const found = findClass(database, name);
  return found === null
    ? newClass(database, name, false)
    : { id: found, name: name.normalize('NFC'), changes: [] };
}

function imagesOf(database: DatabaseSync, classIds: readonly number[]): string {
  const row = database
    .prepare(
      'SELECT json_group_array(id) AS ids FROM image WHERE class_id IN (SELECT value FROM json_each(?))',
    )
    .get(JSON.stringify(classIds)) as { ids: string };
  return packRanges(JSON.parse(row.ids) as number[]);
}

/** The images of the edit that are in its class: others keep their label. */
function inClass(database: DatabaseSync, edit: Extract<Edit, { kind: 'class-split' }>): string {
  const wanted = new Set(unpackRanges(edit.images));
  return packRanges(unpackRanges(imagesOf(database, [edit.classId])).filter((id) => wanted.has(id)));
}
