import type { Check } from '../check.ts';

/** One class this many times larger than another pulls the answers towards it. */
const noticeable = 3;

export const classImbalance: Check = {
  id: 'class-imbalance',
  label: 'Uneven classes',
  severity: 'warning',
  explanation:
    'When one class has many more photos than another, guessing it pays, and the accuracy hides how badly the small one does. More photos of it help most; class weights help a little.',
  find({ photos, classes }) {
    const labelled = photos.filter(({ classId }) => classId !== null);
    const counts = Map.groupBy(labelled, ({ classId }) => classId!);
    const used = classes.filter(({ id }) => counts.has(id));
    const largest = used.reduce((most, { id }) => Math.max(most, counts.get(id)!.length), 0);
    return Promise.resolve(
      used.flatMap(({ id, name }) => {
        const members = counts.get(id)!;
        const ratio = largest / members.length;
        if (ratio < noticeable) return [];
        return {
          message: `“${name}” has ${members.length} photos, the largest class ${Math.round(ratio)} times as many.`,
          score: Math.min(1, ratio / 20),
          photos: members,
          about: `class ${name}`,
        };
      }),
    );
  },
};
