import { packRanges } from '../../../contract/shared/id-ranges.ts';
import type { Check } from '../check.ts';
import type { CheckedPhoto } from '../../../project/images/checked-photos.ts';
import { fileName } from '../leading-photo.ts';

/** The class that at least two thirds have, or null. */
function majority(photos: readonly CheckedPhoto[]): number | null {
  const counts = Map.groupBy(photos, ({ classId }) => classId);
  const [best] = [...counts].sort(([, a], [, b]) => b.length - a.length);
  return best !== undefined && best[1].length * 3 >= photos.length * 2 ? best[0] : null;
}

export const conflictingLabels: Check = {
  id: 'conflicting-labels',
  label: 'Duplicates with different labels',
  severity: 'error',
  explanation:
    'The same picture carries two labels. At most one is right, and the network is punished whatever it answers.',
  async find(context) {
    const names = new Map(context.classes.map(({ id, name }) => [id, name]));
    const found = [];
    for (const { members } of await context.groups()) {
      const photos = members.map((at) => context.photos[at]).filter(({ classId }) => classId !== null);
      const labels = [...new Set(photos.map(({ classId }) => names.get(classId!) ?? '?'))].sort();
      if (labels.length < 2) continue;
      const suggested = majority(photos);
      const ordered = [...photos].sort(
        (a, b) => Number(a.classId === suggested) - Number(b.classId === suggested) || a.id - b.id,
      );
      found.push({
        message: `${fileName(ordered[0])} and its duplicates are labelled ${labels.map((name) => `“${name}”`).join(' and ')}.`,
        score: 1,
        photos: ordered,
        ...(suggested !== null && { suggestedClassId: suggested }),
      });
    }
    return found;
  },
  fix: {
    label: 'Take the label of the majority; where there is none, take the labels off',
    edit(findings, classes) {
      const names = new Map(classes.map(({ id, name }) => [id, name]));
      const byName = Map.groupBy(findings, ({ suggestedClassId }) =>
        suggestedClassId === null ? null : (names.get(suggestedClassId) ?? null),
      );
      const labels = [...byName].map(([name, members]) => ({
        name,
        images: packRanges(members.flatMap(({ photos }) => photos.map(({ id }) => id))),
      }));
      return labels.length === 0 ? null : { kind: 'assign', what: 'the conflict fix', labels, splits: [] };
    },
  },
};
