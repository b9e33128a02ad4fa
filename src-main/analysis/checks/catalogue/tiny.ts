import type { Check } from '../check.ts';
import { excludePhotos } from '../fixes.ts';
import { fileName } from '../leading-photo.ts';
import { median } from '../mathematics/outlyingness.ts';
import { ramp } from '../per-photo.ts';

/** Networks look at 150 to 224 pixels; this is half of it. */
const smallest = 75;

export const tiny: Check = {
  id: 'tiny',
  label: 'Tiny',
  severity: 'note',
  explanation:
    'Much smaller than what the network looks at, and than the other photos: enlarged thumbnails and icons teach the look of enlargement.',
  find({ photos }) {
    const side = ({ width, height }: { width: number; height: number }): number => Math.min(width, height);
    // Handwritten digits of 28 pixels are all small, and meant to be.
    const limit = Math.min(smallest, median(photos.map(side)) / 2);
    return Promise.resolve(
      photos.flatMap((photo) =>
        side(photo) >= limit
          ? []
          : {
              message: `${fileName(photo)} has only ${photo.width}×${photo.height} pixels.`,
              score: 1 - 0.7 * ramp(side(photo), 0, limit),
              photos: [photo],
            },
      ),
    );
  },
  fix: excludePhotos,
};
