import type { Check } from '../check.ts';
import { photoCount } from '../leading-photo.ts';

const least = 10;
const advised = 50;

export const tooFewPhotos: Check = {
  id: 'too-few-photos',
  label: 'Too few photos',
  severity: 'warning',
  explanation: `A class needs photos to learn from and others to be tested on. Below ${least} nothing reliable comes of it; ${advised} are a good start.`,
  find({ photos, classes }) {
    const counts = Map.groupBy(photos, ({ classId }) => classId);
    return Promise.resolve(
      classes.flatMap(({ id, name }) => {
        const members = counts.get(id) ?? [];
        if (members.length >= advised) return [];
        return {
          message: `“${name}” has only ${photoCount(members.length)}; ${advised} are a good start.`,
          score: 1 - members.length / advised,
          severity: members.length < least ? ('error' as const) : ('warning' as const),
          photos: members,
          about: `class ${name}`,
        };
      }),
    );
  },
};
