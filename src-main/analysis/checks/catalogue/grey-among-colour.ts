import type { Check } from '../check.ts';
import { excludePhotos } from '../fixes.ts';
import { fileName } from '../leading-photo.ts';
import { eachPhoto } from '../per-photo.ts';

/** Mean distance from grey below which there is no colour; JPEG leaves a trace. */
const colourless = 0.012;

export const greyAmongColour: Check = {
  id: 'grey-among-colour',
  label: 'Grey among colour',
  severity: 'note',
  explanation:
    'Black-and-white pictures in a colour dataset. If one class has more of them than another, the network may learn that instead.',
  async find(context) {
    const signals = await context.signals();
    const grey = signals.filter((one) => one !== null && one.saturation < colourless).length;
    // A dataset of grey pictures is not full of mistakes.
    if (grey * 2 > signals.length) return [];
    return eachPhoto(context, (photo, { saturation, contrast }) =>
      // What is burnt out or black lost its colour with the rest.
      saturation < colourless && contrast > 0.06
        ? { message: `${fileName(photo)} has no colour.`, score: 0.5 }
        : null,
    );
  },
  fix: excludePhotos,
};
