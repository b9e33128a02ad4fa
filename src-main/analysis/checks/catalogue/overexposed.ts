import type { Check } from '../check.ts';
import { excludePhotos } from '../fixes.ts';
import { fileName } from '../leading-photo.ts';
import { eachPhoto, ramp } from '../per-photo.ts';

export const overexposed: Check = {
  id: 'overexposed',
  label: 'Overexposed',
  severity: 'note',
  explanation:
    'Large parts are burnt out to white, with nothing left to see in them. Pictures on a white background are fine: exclude only what is washed out.',
  find: (context) =>
    eachPhoto(context, (photo, { brightness, bright, contrast }) =>
      brightness > 0.88 || (bright > 0.6 && contrast < 0.2)
        ? {
            message: `${fileName(photo)} is overexposed (${Math.round(bright * 100)}% of it is white).`,
            score: Math.max(ramp(brightness, 0.8, 1), ramp(bright, 0.5, 1)),
          }
        : null,
    ),
  fix: excludePhotos,
};
