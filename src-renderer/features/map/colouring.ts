/** What the colours of the map mean: each photo is in one group, each group has a colour and a shape. */
import type { DatasetClass } from '../../../src-main/contract/app/index.ts';
import { splitNames } from '../../../src-main/contract/app/index.ts';
import { classColour } from '../../shared/composables/class-style.ts';
import { splitWords } from '../../shared/text/format.ts';
import { type PointMarks, isHidden } from './points.ts';
import { colouringText as text } from './text.ts';

export const colourings = ['class', 'split', 'prediction', 'finding', 'labelled'] as const;
export type Colouring = (typeof colourings)[number];

/** Shapes of points, distinguishable without colour. */
export const pointShapes = ['disc', 'square', 'diamond', 'triangle', 'ring'] as const;
export type PointShape = (typeof pointShapes)[number];

/** A group of photos, a line of the legend. */
export interface PointGroup {
  readonly key: string;
  readonly label: string;
  /** CSS. */
  readonly colour: string;
  readonly shape: PointShape;
  readonly count: number;
  /** Drawn first, below all others. */
  readonly quiet: boolean;
}

/** A colouring of all photos. */
export interface Grouping {
  readonly groups: readonly PointGroup[];
  /** Group of each photo, a place in `groups`; `notDrawn` for those that are left out. */
  readonly of: Uint16Array;
}

export const notDrawn = 0xffff;

type Look = Omit<PointGroup, 'count'>;

const quietColour = 'var(--map-quiet)';
const shapeAfter = (place: number, colours: number): PointShape =>
  pointShapes[Math.floor(place / colours) % 4];
const without = (key: string, label: string): Look => ({
  key,
  label,
  colour: quietColour,
  shape: 'ring',
  quiet: true,
});
const plain = (key: string, label: string): Look => ({ ...without(key, label), shape: 'disc' });
/** Colours that are none of a class. */
const neutral = (key: string, label: string, place: number): Look => ({
  key,
  label,
  colour: `var(--run-${place % 6})`,
  shape: shapeAfter(place, 6),
  quiet: false,
});

/** Groups of a colouring, and which one a photo is in. */
interface Rule {
  readonly looks: readonly Look[];
  readonly of: (at: number) => number;
}

const rules: Record<Colouring, (marks: PointMarks, classes: readonly DatasetClass[]) => Rule> = {
  class: byClass,
  split(marks) {
    const looks = splitNames.map((name, place) => neutral(name, splitWords[name], place));
    return {
      looks: [...looks, without('none', text.inNoSplit)],
      of: (at) => (marks.splits[at] < 0 ? looks.length : marks.splits[at]),
    };
  },
  prediction: byPrediction,
  finding(marks) {
    const looks = marks.checks.map(({ id, label }, place) => neutral(id, label, place));
    return {
      looks: [...looks, plain('none', text.nothingFound)],
      // The lowest bit: a photo with several findings shows the first.
      of: (at) => (marks.findings[at] === 0 ? looks.length : 31 - Math.clz32(lowestBit(marks.findings[at]))),
    };
  },
  labelled: (marks) => ({
    looks: [neutral('unlabelled', text.noLabel, 0), plain('labelled', text.labelled)],
    of: (at) => (marks.classes[at] < 0 ? 0 : 1),
  }),
};

const lowestBit = (bits: number): number => bits & -bits;

function byClass(marks: PointMarks, classes: readonly DatasetClass[]): Rule {
  const places = new Map(classes.map(({ id }, place) => [id, place]));
  return {
    looks: [
      ...classes.map(({ id, name, index }) => ({
        key: String(id),
        label: name,
        colour: classColour(index),
        shape: shapeAfter(index, 8),
        quiet: false,
      })),
      without('none', text.noLabel),
    ],
    of: (at) => places.get(marks.classes[at]) ?? classes.length,
  };
}

function byPrediction(marks: PointMarks): Rule {
  return {
    looks: [
      { key: 'wrong', label: text.wrong, colour: 'var(--wrong)', shape: 'diamond', quiet: false },
      { key: 'right', label: text.right, colour: 'var(--map-right)', shape: 'disc', quiet: true },
      without('none', text.noPredictionOrLabel),
    ],
    of(at) {
      const [said, label] = [marks.predictions[at], marks.classes[at]];
      if (said < 0 || label < 0) return 2;
      return said === label ? 1 : 0;
    },
  };
}

/** Puts every photo into its group. */
export function groupPoints(
  colouring: Colouring,
  marks: PointMarks,
  classes: readonly DatasetClass[],
): Grouping {
  const { looks, of } = rules[colouring](marks, classes);
  const groups = new Uint16Array(marks.classes.length);
  const counts = new Array<number>(looks.length).fill(0);
  for (let at = 0; at < groups.length; at++) {
    if (isHidden(marks, at)) groups[at] = notDrawn;
    else counts[(groups[at] = of(at))]++;
  }
  return { groups: looks.map((look, place) => ({ ...look, count: counts[place] })), of: groups };
}

/** Which colourings have something to show. */
export function usefulColourings(marks: PointMarks): Record<Colouring, boolean> {
  return {
    class: true,
    split: marks.splits.some((split) => split >= 0),
    prediction: marks.run !== null,
    finding: marks.checks.length > 0,
    labelled: true,
  };
}
