/** Photos of findings, and what edits would do to them, in words. */
import type { Change, DatasetImage, Finding } from '../../../src-main/contract/app/index.ts';
import { unpackRanges } from '../../../src-main/contract/shared/id-ranges.ts';
import { count, splitWords, splits } from '../../shared/text/format.ts';
import { findingWordsText as text } from './text.ts';

/** `cat 12.jpg, cats, training`: a photo for those who do not see it. */
export function photoWords(
  image: DatasetImage | undefined,
  classes: ReadonlyMap<number, { name: string }>,
): string {
  if (image === undefined) return text.photo;
  const label = image.classId === null ? text.noLabel : (classes.get(image.classId)?.name ?? '');
  const split = image.split === null ? text.inNoSplit : splitWords[image.split].toLowerCase();
  return [fileName(image.path), label, split].join(', ');
}

/** The name of a file without its folders. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What the photos of a finding are, in short. */
export interface FindingFacts {
  /** Class ids, the most frequent first; null for no label. */
  readonly classes: readonly (number | null)[];
  /** `2 training, 1 test`; of one photo only the word. */
  readonly splits: string;
}

/** Classes and splits of the photos of a finding that are known. */
export function factsOf(finding: Finding, photos: ReadonlyMap<number, DatasetImage>): FindingFacts {
  const known = finding.sample.flatMap((id) => photos.get(id) ?? []);
  const byClass = Map.groupBy(known, ({ classId }) => classId);
  const places = [...splits, null].flatMap((split) => {
    const images = known.filter((image) => image.split === split).length;
    const word = split === null ? text.inNoSplit : splitWords[split].toLowerCase();
    return images === 0 ? [] : [known.length === 1 ? word : `${count(images)} ${word}`];
  });
  return {
    classes: [...byClass].sort(([, a], [, b]) => b.length - a.length).map(([id]) => id),
    splits: places.join(', '),
  };
}

/** What a kind of edit leaves as it is, for those who fear for their files. */
export function keptSentence(edit: string | null): string {
  if (edit === 'exclude') return text.excludedPhotosAreLeftOut;
  return text.onlyWhatLensletKnowsAbout;
}

/** Where the photos of a check, or of one finding, are shown in the grid. */
export function imagesLink(query: { check: string } | { finding: number }): {
  path: string;
  query: Record<string, string>;
} {
  return {
    path: '/images',
    query: 'check' in query ? { check: query.check } : { finding: String(query.finding) },
  };
}

/** What changes would do to each photo, e.g. `would move to test`. */
export function effectsOf(
  changes: readonly Change[],
  classes: ReadonlyMap<number, { name: string }>,
): Map<number, string> {
  const effects = new Map<number, string>();
  for (const change of changes) {
    const words = effectWords(change, classes);
    if (words === null || !('images' in change)) continue;
    for (const id of unpackRanges(change.images)) {
      const before = effects.get(id);
      effects.set(id, before === undefined ? words : `${before}, ${words}`);
    }
  }
  return effects;
}

function effectWords(change: Change, classes: ReadonlyMap<number, { name: string }>): string | null {
  switch (change.type) {
    case 'excluded':
      return change.excluded ? text.wouldBeExcluded : text.wouldBeBroughtBack;
    case 'split':
      return change.split === null
        ? text.wouldBeInNoSplit
        : text.wouldMoveTo(splitWords[change.split].toLowerCase());
    case 'label':
      return change.classId === null
        ? text.wouldLoseItsLabel
        : text.wouldBecome(classes.get(change.classId)?.name ?? text.anotherClass);
    default:
      return null;
  }
}

/** Whether excluding the photos is an answer to a finding besides its fix: where a label is in doubt, none may be right. */
export function canExclude({ check, images, dismissed, suggestedClassId }: Finding): boolean {
  if (images === 0 || dismissed) return false;
  return suggestedClassId !== null || check === 'conflicting-labels';
}
