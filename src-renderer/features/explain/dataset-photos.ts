/** Photos of the dataset as choices for Explain. */
import { api } from '../../client/index.ts';
import { usePhotoVersionsStore } from '../../shared/project/photo-versions.ts';
import type { PhotoChoice } from './text.ts';
import { datasetPhotosText } from './text.ts';

/** Photos offered at a time. */
const offered = 16;

/** Finds photos of the open project's dataset. */
export function useDatasetPhotos() {
  const versions = usePhotoVersionsStore();

  /** @param path of the photo's file; undefined where the dataset no longer has it */
  async function choiceOf(image: number, path: string | undefined): Promise<PhotoChoice> {
    return {
      photo: { kind: 'image', image },
      name: path?.split('/').at(-1) ?? datasetPhotosText.image(image),
      address: (await versions.pictureOf(image)) ?? '',
      image,
    };
  }

  async function photoOf(image: number): Promise<PhotoChoice> {
    const [found] = await api.datasets.getImages({ ids: [image] });
    return choiceOf(image, found?.path);
  }

  /** Draws photos at random: from the test split where there is one. */
  async function drawPhotos(): Promise<PhotoChoice[]> {
    let ids = await api.datasets.listImages({ split: 'test' });
    if (ids.length === 0) ids = await api.datasets.listImages({});
    const picked = ids
      .map((id) => ({ id, order: Math.random() }))
      .sort((a, b) => a.order - b.order)
      .slice(0, offered)
      .map(({ id }) => id);
    const images = await api.datasets.getImages({ ids: picked });
    return Promise.all(images.map(({ id, path }) => choiceOf(id, path)));
  }

  return { photoOf, drawPhotos };
}
