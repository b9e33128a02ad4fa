import type { Check } from '../check.ts';
import { keepFirst } from '../fixes.ts';
import { fileName, leadingFirst } from '../leading-photo.ts';

export const nearDuplicates: Check = {
  id: 'near-duplicates',
  label: 'Near-duplicates',
  severity: 'warning',
  explanation:
    'The same picture saved again, resized, cropped, turned, mirrored, brightened or taken in one burst. Such photos teach little new, and in two splits they make the test too easy.',
  async find(context) {
    const found = [];
    for (const { members, likeness } of await context.groups()) {
      const photos = members.map((at) => context.photos[at]);
      // Copies of one file are the other check's.
      if (new Set(photos.map(({ hash }) => hash)).size < 2) continue;
      const ordered = leadingFirst(photos);
      const others = ordered.length - 1;
      found.push({
        message: `${fileName(ordered[0])} and ${others === 1 ? 'one other' : `${others} others`} show the same picture.`,
        score: Math.min(1, likeness),
        photos: ordered,
      });
    }
    return found;
  },
  fix: keepFirst,
};
