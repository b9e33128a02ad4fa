/** The one-click choice of a recipe. */
import { createLocator } from '../datasets/image-location.ts';
import { readImageFile } from '../datasets/image-file.ts';
import { decodeTile } from '../datasets/tiles.ts';
import { findImages, listImageIds } from '../project/images.ts';
import { pictureKinds } from '../project/picture-kinds.ts';
import type { Project } from '../project/project.ts';
import { type Recipe, findRecipe } from '../recipes/index.ts';

/** A recipe with the reason for it, one sentence. */
export interface RecipeChoice {
  readonly recipe: Recipe;
  readonly reason: string;
}

/** Pictures up to this size are looked at as digits are. */
const smallSide = 32;
/** How many small pictures are opened to see whether they are grey. */
const looked = 6;

/** Small grey pictures get the digits network, all others the one for photos. */
export async function chooseRecipe(project: Project): Promise<RecipeChoice> {
  const { images, fromIdx, largestSide } = pictureKinds(project.database);
  const small = images > 0 && largestSide <= smallSide;
  if (small && (fromIdx === images || (await looksGrey(project)))) {
    const reason = `The pictures are grey and at most ${largestSide} pixels large: a small network for such pictures suits them.`;
    return { recipe: findRecipe('mnist'), reason };
  }
  return {
    recipe: findRecipe('scratch'),
    reason: 'A convolutional network is trained from the beginning on your photos alone.',
  };
}

async function looksGrey(project: Project): Promise<boolean> {
  const ids = listImageIds(project.database);
  const picked = Array.from({ length: looked }, (_, i) => ids[Math.floor((i * ids.length) / looked)]);
  const locate = createLocator(project.folder);
  for (const image of findImages(project.database, picked)) {
    if (image.format === 'idx') continue;
    // A picture that cannot be read now says nothing about the others.
    const tile = await readImageFile(locate(image).path)
      .then(({ bytes }) => decodeTile(bytes, { size: 16, channels: 3 }))
      .catch(() => null);
    if (tile !== null && !isGrey(tile)) return false;
  }
  return true;
}

/** True when red, green and blue agree everywhere but for what JPEG blurs. */
function isGrey(pixels: Uint8Array): boolean {
  for (let i = 0; i < pixels.length; i += 3) {
    const [red, green, blue] = pixels.subarray(i, i + 3);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 8) return false;
  }
  return true;
}
