/**
 * Occlusion sensitivity: a grey square covers one place after another; where the class becomes less probable, there
 * was something that spoke for it. Slow, but nothing in it depends on gradients: a check on Grad-CAM.
 * @see Zeiler, Fergus: Visualizing and Understanding Convolutional Networks, ECCV 2014, section 4.2
 */
import type { ProbingMethod } from '../../engine/interpretation/heatmaps/heatmap-method.ts';
import { normaliseMap } from '../../engine/interpretation/heatmaps/heatmap-method.ts';
import { greyPhoto, maskedPhotos } from '../../engine/interpretation/heatmaps/masked-photos.ts';
import type { Subject } from '../../engine/interpretation/subject.ts';

/** Places along each side where the square is put. */
const places = 14;
/** Side of the square as a share of the photo's. */
const share = 0.2;

/** 1 under the square whose centre is in the middle of a cell of the grid. */
function squareMask(size: number, row: number, column: number): Float32Array {
  const side = Math.max(1, Math.round(size * share));
  const begin = (place: number): number => Math.round(((place + 0.5) * size) / places - side / 2);
  const mask = new Float32Array(size * size);
  const [top, left] = [begin(row), begin(column)];
  for (let y = Math.max(0, top); y < Math.min(size, top + side); y++) {
    mask.fill(1, y * size + Math.max(0, left), y * size + Math.min(size, left + side));
  }
  return mask;
}

function allMasks({ imageSize }: Subject): Float32Array[] {
  return Array.from({ length: places * places }, (_, index) =>
    squareMask(imageSize, Math.floor(index / places), index % places),
  );
}

export const occlusion: ProbingMethod = {
  id: 'occlusion',
  kind: 'probing',
  label: 'Occlusion',
  description:
    'A grey square covers one place of the photo after another: warm where covering it makes the class less probable.',
  async explain(subject, pixels, wanted, work) {
    const grey = greyPhoto(subject);
    const photos = maskedPhotos(subject, pixels, wanted);
    try {
      const nothing = new Float32Array(subject.imageSize ** 2);
      const [whole, ...covered] = await photos.ask(grey, [nothing, ...allMasks(subject)], work);
      const drops = Float32Array.from(covered, (probability) => whole - probability);
      return normaliseMap(drops, places, places, () => 'unaffected');
    } finally {
      photos.dispose();
      grey.dispose();
    }
  },
};
