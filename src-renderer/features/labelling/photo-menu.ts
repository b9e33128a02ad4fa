/** What can be done with the chosen photos: the menu on them, and the bar below the grid. */
import type { ContextMenuItem } from '@nuxt/ui';
import type { DatasetClass, Split } from '../../../src-main/contract/app/index.ts';
import { splitWords, splits } from '../../shared/text/format.ts';
import { photoMenuText as text } from './text.ts';

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
  /** Goes to what the network sees in the photo. */
  explain(): void;
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
      { label: text.newClass, icon: 'i-lucide-plus', onSelect: () => act.labelAs() },
      { label: text.noLabel, icon: 'i-lucide-inbox', kbds: ['0'], onSelect: () => act.label(null) },
    ],
  ];
}

/** Items for splits. */
export function splitItems(act: PhotoActions): ContextMenuItem[][] {
  return [
    splits.map((split) => ({ label: splitWords[split], onSelect: () => act.split(split) })),
    [{ label: text.inNoSplit, onSelect: () => act.split(null) }],
  ];
}

/** The whole menu on photos. */
export function photoMenu(chosen: ChosenPhotos, act: PhotoActions): ContextMenuItem[][] {
  const { count, sameClass, excluded } = chosen;
  const everything: ContextMenuItem = {
    label: text.chooseAll,
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
            label: text.splitOff(sameClass.name),
            icon: 'i-lucide-split',
            onSelect: () => act.splitOff(sameClass),
          },
        ];
  return [
    [{ type: 'label', label: text.photos(count) }],
    [
      { label: text.labelAs, icon: 'i-lucide-tag', children: classItems(chosen, act) },
      ...splitOff,
      { label: text.moveToSplit, icon: 'i-lucide-chart-pie', children: splitItems(act) },
    ],
    [
      excluded
        ? { label: text.includeAgain, icon: 'i-lucide-circle-check', onSelect: () => act.exclude(false) }
        : { label: text.leaveOut, icon: 'i-lucide-circle-slash', onSelect: () => act.exclude(true) },
      { label: text.comment, icon: 'i-lucide-message-square', onSelect: () => act.comment() },
    ],
    [
      ...(one
        ? [
            {
              label: text.enlarge,
              icon: 'i-lucide-maximize-2',
              kbds: ['enter'],
              onSelect: () => act.enlarge(),
            },
          ]
        : []),
      ...(one ? [{ label: text.heatmap, icon: 'i-lucide-flame', onSelect: () => act.explain() }] : []),
      { label: text.showOnMap, icon: 'i-lucide-map', onSelect: () => act.showOnMap() },
      {
        label: one ? text.copyPath : text.copyPaths,
        icon: 'i-lucide-clipboard-copy',
        onSelect: () => act.copyPaths(),
      },
      everything,
    ],
  ];
}
