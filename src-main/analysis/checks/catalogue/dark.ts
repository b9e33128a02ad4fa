import type { Check } from '../check.ts';
import { excludePhotos } from '../fixes.ts';
import { fileName } from '../leading-photo.ts';
import { eachPhoto, ramp } from '../per-photo.ts';

export const dark: Check = {
  id: 'dark',
  label: 'Too dark',
  severity: 'note',
  explanation:
    'Hardly anything can be seen. If photos in real use will be as dark, keep them; else they only confuse.',
  find: (context) =>
    eachPhoto(context, (photo, { brightness, dark: share }) =>
      brightness < 0.12 || (share > 0.85 && brightness < 0.2)
        ? {
            message: `${fileName(photo)} is very dark (mean brightness ${Math.round(brightness * 100)}%).`,
            score: 1 - ramp(brightness, 0, 0.2),
          }
        : null,
    ),
  fix: excludePhotos,
};
