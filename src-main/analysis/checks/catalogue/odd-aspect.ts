import type { Check } from '../check.ts';
import { excludePhotos } from '../fixes.ts';
import { fileName } from '../leading-photo.ts';
import { ramp } from '../per-photo.ts';

/** Beyond 5:2 what is squashed to a square is hard to recognise. */
const widest = 2.5;

export const oddAspect: Check = {
  id: 'odd-aspect',
  label: 'Odd shape',
  severity: 'note',
  explanation:
    'Photos are squashed to a square before the network sees them. Very long or tall ones are distorted; crop them to what matters.',
  find: ({ photos }) =>
    Promise.resolve(
      photos.flatMap((photo) => {
        const ratio = Math.max(photo.width / photo.height, photo.height / photo.width);
        if (ratio < widest) return [];
        const message = `${fileName(photo)} is ${photo.width}×${photo.height}, ${ratio.toFixed(1)} times as long as wide.`;
        return { message, score: 0.3 + 0.7 * ramp(ratio, widest, 8), photos: [photo] };
      }),
    ),
  fix: excludePhotos,
};
