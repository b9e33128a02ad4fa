/** What a list of labels, or the photos' own folders, say of the photos of a project. */
import { packRanges } from '../../contract/shared/id-ranges.ts';
import type { LabelFileFormat } from '../../contract/app/labels.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';
import { splitOfName } from './split-names.ts';
import type { LabelList } from './label-row.ts';
import { type NamedPhoto, matchRows } from './match-rows.ts';

/** Labels and splits for sets of photos (`packRanges`): small, however long the list is. */
export interface PlannedLabels {
  readonly format: LabelFileFormat;
  readonly labels: readonly { readonly name: string | null; readonly images: string }[];
  readonly splits: readonly { readonly split: Split | null; readonly images: string }[];
  /** Rows that name a photo of the project. */
  readonly matched: number;
  readonly unmatched: number;
  readonly unmatchedExamples: readonly string[];
  /** Rows that fit several photos, and photos with several labels. */
  readonly ambiguous: number;
}

const examples = 5;

interface Answer {
  readonly id: number;
  readonly label: string | null;
  readonly split: Split | null | undefined;
}

/** What a list says. */
export function planFromList(list: LabelList, photos: readonly NamedPhoto[]): PlannedLabels {
  const { matched, unmatched, ambiguous } = matchRows(list.rows, photos);
  const answers = matched.map(({ row, id }) => ({ id, label: row.label, split: row.split }));
  const labels = list.rows.every(({ label }) => label === null) ? [] : answers;
  return {
    format: list.format,
    ...grouped(labels, answers),
    matched: matched.length,
    unmatched: unmatched.length,
    unmatchedExamples: unmatched.slice(0, examples).map((row) => row.path),
    ambiguous: ambiguous + list.ambiguous,
  };
}

function grouped(
  labels: readonly Answer[],
  splits: readonly Answer[],
): Pick<PlannedLabels, 'labels' | 'splits'> {
  const byLabel = Map.groupBy(labels, ({ label }) => label);
  const bySplit = Map.groupBy(
    splits.filter(({ split }) => split !== undefined),
    ({ split }) => split ?? null,
  );
  const idsOf = (answers: readonly Answer[]): string => packRanges(answers.map(({ id }) => id));
  return {
    labels: [...byLabel].map(([name, answers]) => ({ name, images: idsOf(answers) })),
    splits: [...bySplit].map(([split, answers]) => ({ split, images: idsOf(answers) })),
  };
}

/** What the photos' own folders say: the first folder below what all photos of a source share, splits passed over. */
export function planFromFolders(photos: readonly NamedPhoto[]): PlannedLabels {
  const answers: Answer[] = [];
  for (const members of Map.groupBy(photos, ({ root }) => root).values()) {
    const folders = members.map(({ path }) => path.split('/').slice(0, -1));
    const wrapper = sharedStart(folders);
    members.forEach(({ id }, at) => {
      const inner = folders[at].slice(wrapper);
      const label = inner.find((name) => splitOfName(name) === null);
      if (label !== undefined) answers.push({ id, label: label.normalize('NFC'), split: undefined });
    });
  }
  return {
    format: 'folders',
    ...grouped(answers, []),
    matched: answers.length,
    unmatched: photos.length - answers.length,
    unmatchedExamples: [],
    ambiguous: 0,
  };
}

/** How many folders all paths begin with alike. */
function sharedStart(folders: readonly (readonly string[])[]): number {
  const [first, ...others] = folders;
  let shared = 0;
  while (shared < (first?.length ?? 0) && others.every((path) => path[shared] === first[shared])) shared++;
  // One class in one folder: that folder is its name, not a wrapper.
  return others.length > 0 && folders.every(({ length }) => length === shared)
    ? Math.max(0, shared - 1)
    : shared;
}
