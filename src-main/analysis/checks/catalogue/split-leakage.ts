import { packRanges } from '../../../contract/shared/id-ranges.ts';
import { type Split, splitNames } from '../../../contract/shared/vocabulary.ts';
import type { Check } from '../check.ts';
import type { CheckedPhoto } from '../../../project/images/checked-photos.ts';
import { fileName } from '../leading-photo.ts';

const words = { train: 'training', validation: 'validation', test: 'test' } as const;

/** The split most of a group is in; of equals training, so that the test stays unseen. */
function homeOf(photos: readonly CheckedPhoto[]): Split {
  const count = (name: Split): number => photos.filter(({ split }) => split === name).length;
  return splitNames.reduce((best, name) => (count(name) > count(best) ? name : best));
}

export const splitLeakage: Check = {
  id: 'split-leakage',
  label: 'The same scene in two splits',
  severity: 'error',
  explanation:
    'A photo that is taught must not be asked in the test: the accuracy would be better than in real use. These near-duplicates are in more than one split.',
  async find(context) {
    const found = [];
    for (const { members } of await context.groups()) {
      const photos = members.map((at) => context.photos[at]).filter(({ split }) => split !== null);
      const splits = splitNames.filter((name) => photos.some(({ split }) => split === name));
      if (splits.length < 2) continue;
      // Those from outside the training come first: they are what makes the result wrong.
      const ordered = [...photos].sort((a, b) => Number(a.split === 'train') - Number(b.split === 'train'));
      const where = splits.map((name) => words[name]).join(' and ');
      found.push({
        message: `${fileName(ordered[0])} is in the ${where} split, with ${ordered.length - 1} like it.`,
        score: splits.includes('test') && splits.includes('train') ? 1 : 0.7,
        photos: ordered,
      });
    }
    return found;
  },
  fix: {
    label: 'Put each group into one split',
    edit(findings) {
      const homes = new Map<Split, number[]>();
      for (const { photos } of findings) {
        const home = homeOf(photos);
        const moved = photos.filter(({ split }) => split !== home).map(({ id }) => id);
        homes.set(home, [...(homes.get(home) ?? []), ...moved]);
      }
      const splits = [...homes].map(([split, ids]) => ({ split, images: packRanges(ids) }));
      if (splits.every(({ images }) => images === '')) return null;
      return { kind: 'assign', what: 'the leak fix', labels: [], splits };
    },
  },
};
