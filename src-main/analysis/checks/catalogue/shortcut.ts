import type { Check, CheckContext, Found } from '../check.ts';
import type { CheckedPhoto } from '../../../project/images/checked-photos.ts';
import { labelledRows } from '../labelled-rows.ts';

/** Classes told apart this well by something beside the subject are suspicious; 0.5 is guessing. */
const suspicious = 0.9;
const minPhotos = 20;

interface Clue {
  readonly what: string;
  readonly advice: string;
  readonly dimension: number;
  values(context: CheckContext, photo: CheckedPhoto): ArrayLike<number> | null;
}

const clues: readonly Clue[] = [
  {
    what: 'the border of the picture',
    advice: 'Take photos of all classes in front of the same backgrounds.',
    dimension: 24,
    values: (context, photo) => context.border(photo),
  },
  {
    what: 'the size and shape of the file',
    advice: 'Bring all classes from the same kind of source.',
    dimension: 4,
    values: (_, { width, height, bytes }) => [
      Math.log(width),
      Math.log(height),
      Math.log(width / height),
      Math.log(bytes / (width * height)),
    ],
  },
];

export const shortcut: Check = {
  id: 'shortcut',
  label: 'Recognisable without the subject',
  severity: 'warning',
  explanation:
    'A class can be told from the others by its background or its file size alone. The network will learn that shortcut instead of the subject, and fail where the shortcut is missing.',
  async find(context) {
    const rows = await labelledRows(context, minPhotos);
    if (rows.classIds.length < 2) return [];
    await context.signals();
    const found: Found[] = [];
    for (const clue of clues) found.push(...(await follow(context, clue, rows)));
    return found;
  },
};

async function follow(
  context: CheckContext,
  clue: Clue,
  { photos, labels, classIds, groups }: Awaited<ReturnType<typeof labelledRows>>,
): Promise<Found[]> {
  const data = new Float32Array(photos.length * clue.dimension);
  photos.forEach((photo, at) => {
    const values = clue.values(context, photo);
    if (values !== null) data.set(values, at * clue.dimension);
  });
  const features = { data, dimension: clue.dimension };
  const probabilities = await context.outOfFold(features, labels, classIds.length, groups);
  const names = new Map(context.classes.map(({ id, name }) => [id, name]));
  return classIds.flatMap((id, place) => {
    const area = areaUnderCurve(probabilities, labels, place, classIds.length);
    if (area < suspicious) return [];
    return {
      message: `“${names.get(id)}” can be told by ${clue.what} alone (${Math.round(area * 100)}% of comparisons right). ${clue.advice}`,
      score: (area - 0.5) * 2,
      photos: photos.filter(({ classId }) => classId === id),
      about: `${clue.what} ${names.get(id)}`,
    };
  });
}

/** How often a photo of the class gets a higher probability than one of another: the area under the ROC curve. */
export function areaUnderCurve(
  probabilities: Float32Array,
  labels: Int32Array,
  place: number,
  classes: number,
): number {
  const order = Array.from(labels.keys()).sort(
    (a, b) => probabilities[a * classes + place] - probabilities[b * classes + place],
  );
  let [ranks, own] = [0, 0];
  for (let at = 0; at < order.length;) {
    let end = at;
    const value = probabilities[order[at] * classes + place];
    while (end < order.length && probabilities[order[end] * classes + place] === value) end++;
    // Equal ones share the mean of their ranks (Mann–Whitney).
    const rank = (at + 1 + end) / 2;
    for (; at < end; at++) {
      if (labels[order[at]] !== place) continue;
      ranks += rank;
      own++;
    }
  }
  const others = labels.length - own;
  return own === 0 || others === 0 ? 0.5 : (ranks - (own * (own + 1)) / 2) / (own * others);
}
