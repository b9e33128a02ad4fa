/** What keeps photos in one part of the split, and why one would want it. */

/** As `labels.makeSplit` takes it. */
export interface SplitOptions {
  readonly groupBy: GroupKind[];
  /** For `file-name`: a regular expression; undefined: the name up to its last number. */
  readonly pattern: string | undefined;
  /** For `capture-time`: photos less than this apart belong together. */
  readonly minutes: number;
  /** Photos that have a split keep it. */
  readonly keep: boolean;
}

export type GroupKind = 'near-duplicates' | 'burst' | 'folder' | 'file-name' | 'capture-time';

interface GroupWords {
  readonly kind: GroupKind;
  readonly label: string;
  readonly description: string;
}

/** All ways to group, the useful ones first. */
export const groupKinds: readonly GroupWords[] = [
  {
    kind: 'near-duplicates',
    label: 'Near-duplicates',
    description: 'Copies, crops, mirrored and re-saved photos of one scene.',
  },
  {
    kind: 'burst',
    label: 'Bursts and video frames',
    description: 'Within 3 seconds by one camera, or numbered frames.',
  },
  {
    kind: 'capture-time',
    label: 'One session',
    description: 'Taken by one camera shortly after each other.',
  },
  { kind: 'folder', label: 'One folder', description: 'For a folder per animal, place or visit.' },
  { kind: 'file-name', label: 'Names alike', description: 'Such as rex_01.jpg and rex_02.jpg.' },
];

/** What is proposed. */
export const usualGroups: readonly GroupKind[] = ['near-duplicates', 'burst'];
