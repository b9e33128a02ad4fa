/** What can be done with the chosen photos: the menu on them, and the bar below the grid. */
import type { ContextMenuItem } from '@nuxt/ui';
import type { DatasetClass, Split } from '../../../src-main/contract/app/index.ts';
import { plural, splitWords, splits } from '../../shared/text/format.ts';

/** What the menus need to know. */
export interface ChosenPhotos {
  readonly count: number;
  readonly classes: readonly DatasetClass[];
  readonly keys: ReadonlyMap<number, string>;
  /** The class all of them have; null when they differ or are not all known. */
  readonly sameClass: DatasetClass | null;
  /** Whether the list shows photos that are left out. */
  readonly excluded: boolean;
}

/** What the menus do. */
export interface PhotoActions {
  label(classId: number | null): void;
  labelAs(): void;
  splitOff(of: DatasetClass): void;
  split(split: Split | null): void;
  exclude(excluded: boolean): void;
  comment(): void;
  enlarge(): void;
  showOnMap(): void;
  copyPaths(): void;
  all(): void;
}

/** Items for classes. */
export function classItems(chosen: ChosenPhotos, act: PhotoActions): ContextMenuItem[][] {
  const { classes, keys } = chosen;
  return [
    classes.map(({ id, name }) => {
      const key = keys.get(id);
      return { label: name, onSelect: () => act.label(id), ...(key === undefined ? {} : { kbds: [key] }) };
    }),
    [
      { label: 'New class…', icon: 'i-lucide-plus', onSelect: () => act.labelAs() },
      { label: 'No label', icon: 'i-lucide-inbox', kbds: ['0'], onSelect: () => act.label(null) },
    ],
  ];
}

/** Items for splits. */
export function splitItems(act: PhotoActions): ContextMenuItem[][] {
  return [
    splits.map((split) => ({ label: splitWords[split], onSelect: () => act.split(split) })),
    [{ label: 'In no split', onSelect: () => act.split(null) }],
  ];
}

/** The whole menu on photos. */
export function photoMenu(chosen: ChosenPhotos, act: PhotoActions): ContextMenuItem[][] {
  const { count, sameClass, excluded } = chosen;
  const everything: ContextMenuItem = {
    label: 'Choose all',
    icon: 'i-lucide-square-check',
    kbds: ['meta', 'a'],
    onSelect: () => act.all(),
  };
  if (count === 0) return [[everything]];
  const one = count === 1;
  const splitOff: ContextMenuItem[] =
    sameClass === null
      ? []
      : [
          {
            label: `Split off “${sameClass.name}”…`,
            icon: 'i-lucide-split',
            onSelect: () => act.splitOff(sameClass),
          },
        ];
  return [
    [{ type: 'label', label: plural(count, 'photo') }],
    [
      { label: 'Label as', icon: 'i-lucide-tag', children: classItems(chosen, act) },
      ...splitOff,
      { label: 'Move to split', icon: 'i-lucide-chart-pie', children: splitItems(act) },
    ],
    [
      excluded
        ? { label: 'Take back in', icon: 'i-lucide-circle-check', onSelect: () => act.exclude(false) }
        : { label: 'Leave out', icon: 'i-lucide-circle-slash', onSelect: () => act.exclude(true) },
      { label: 'Comment…', icon: 'i-lucide-message-square', onSelect: () => act.comment() },
    ],
    [
      ...(one
        ? [{ label: 'Enlarge', icon: 'i-lucide-maximize-2', kbds: ['enter'], onSelect: () => act.enlarge() }]
        : []),
      { label: 'Show on the map', icon: 'i-lucide-map', onSelect: () => act.showOnMap() },
      {
        label: one ? 'Copy path' : 'Copy paths',
        icon: 'i-lucide-clipboard-copy',
        onSelect: () => act.copyPaths(),
      },
      everything,
    ],
  ];
}
