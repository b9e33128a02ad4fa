import type { Check } from '../check.ts';
import { excludePhotos } from '../fixes.ts';
import { fileName } from '../leading-photo.ts';
import { median } from '../mathematics/outlyingness.ts';
import { eachPhoto, ramp } from '../per-photo.ts';

/** Variance of the Laplacian below which a photo of 150 pixels shows no edge at all. */
const threshold = 40;
/** Nothing is called blurred that is as sharp as this share of the usual photo of the project. */
const shareOfUsual = 0.25;
/** Tiles of smaller pictures were enlarged: they are soft, not blurred. */
const minSide = 100;

export const blur: Check = {
  id: 'blur',
  label: 'Blurred',
  severity: 'note',
  explanation:
    'Out of focus or moved. A few such photos make the network robust; many teach it that edges do not matter.',
  async find(context) {
    const signals = await context.signals();
    const usual = median(signals.flatMap((one) => (one === null ? [] : one.sharpness)));
    const limit = Math.min(threshold, usual * shareOfUsual);
    return eachPhoto(context, (photo, { sharpness, contrast }) => {
      if (Math.min(photo.width, photo.height) < minSide || sharpness >= limit) return null;
      // A picture of one colour has nothing to be sharp.
      if (contrast < 0.02) return null;
      return { message: `${fileName(photo)} is blurred.`, score: 1 - ramp(sharpness, 0, limit) };
    });
  },
  fix: excludePhotos,
};
