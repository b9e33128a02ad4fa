/** Which network and which photos are looked at; shared by all tabs of Explain. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { AppError } from '../../../src-main/contract/shared/errors.ts';
import type { ErrorData, ExplainModel, ExplainOverview } from '../../../src-main/contract/app/index.ts';
import { uploadedPictureAddress } from '../../../src-main/contract/shared/media.ts';
import { type FileSource, api, bring, upload } from '../../client/index.ts';
import type { PhotoChoice } from './text.ts';
import { reducedPicture } from './lab/photo-planes.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { usePhotoVersionsStore } from '../../shared/project/photo-versions.ts';
import { useProjectStore } from '../../shared/project/project.ts';
import { useRunsStore } from '../train/index.ts';

/** Long side of what the page keeps of a file, in pixels. */
const shownSide = 1600;
const shownByBrowsers = /^image\/(jpeg|png|webp|gif|avif|bmp)$/;
/** Photos offered at a time. */
const offered = 16;

export const useExplainStore = defineStore('explain', () => {
  const runs = useRunsStore();
  const project = useProjectStore();
  const versions = usePhotoVersionsStore();

  /** What was chosen; null: the best finished run with a model. */
  const chosen = shallowRef<{ model: ExplainModel; name: string } | null>(null);
  const model = computed<ExplainModel | null>(() => {
    const pick = chosen.value?.model;
    if (pick !== undefined && (pick.kind !== 'run' || runs.usable.some(({ id }) => id === pick.run)))
      return pick;
    const best = runs.usable.at(0);
    return best === undefined ? null : { kind: 'run', run: best.id };
  });
  /** Equal for equal models: what was computed for one is not shown for another. */
  const modelKey = computed(() => JSON.stringify(model.value));

  const overview = shallowRef<ExplainOverview | null>(null);
  const overviewFailure = shallowRef<ErrorData | null>(null);
  let generation = 0;
  async function loadOverview(): Promise<void> {
    const mine = ++generation;
    overview.value = null;
    overviewFailure.value = null;
    if (model.value === null) return;
    try {
      const found = await api.explain.overview({ model: model.value });
      if (mine === generation) overview.value = found;
    } catch (thrown) {
      if (mine === generation) overviewFailure.value = failureOf(thrown);
    }
  }

  const photo = shallowRef<PhotoChoice | null>(null);
  const second = shallowRef<PhotoChoice | null>(null);
  /** Images of the dataset to choose from. */
  const offers = shallowRef<PhotoChoice[]>([]);
  const bringing = ref(false);
  const failure = shallowRef<ErrorData | null>(null);
  /** Aborted when another project is opened: what was asked for the one before is sent no further, and dropped. */
  let stay = new AbortController();

  async function photoOf(image: number): Promise<PhotoChoice> {
    const [found] = await api.datasets.getImages({ ids: [image] });
    return {
      photo: { kind: 'image', image },
      name: found?.path.split('/').at(-1) ?? `image ${image}`,
      address: (await versions.pictureOf(image)) ?? '',
      image,
    };
  }
  async function chooseImage(image: number): Promise<void> {
    const { signal } = stay;
    const found = await photoOf(image);
    if (!signal.aborted) photo.value = found;
  }

  /** Draws other images of the dataset to choose from: from the test split where there is one. */
  async function drawOffers(): Promise<void> {
    const { signal } = stay;
    let ids = await api.datasets.listImages({ split: 'test' });
    if (ids.length === 0) ids = await api.datasets.listImages({});
    const picked = ids
      .map((id) => ({ id, order: Math.random() }))
      .sort((a, b) => a.order - b.order)
      .slice(0, offered)
      .map(({ id }) => id);
    const images = await api.datasets.getImages({ ids: picked });
    const found = await Promise.all(
      images.map(async ({ id, path }): Promise<PhotoChoice> => ({
        photo: { kind: 'image', image: id },
        name: path.split('/').at(-1) ?? path,
        address: (await versions.pictureOf(id)) ?? '',
        image: id,
      })),
    );
    if (signal.aborted) return;
    offers.value = found;
    if (photo.value === null && offers.value.length > 0) photo.value = offers.value[0];
  }

  /** What the page shows of a file by itself: null for formats it does not know, empty for broken ones. */
  async function localAddress(source: FileSource): Promise<string | null> {
    const first = source.tops.find((file) => shownByBrowsers.test(file.type));
    if (first === undefined) return null;
    return reducedPicture(first, shownSide).catch(() => '');
  }

  /**
   * Takes a dropped, picked or filmed photo.
   * @param sent false: the services are not told (no project is open), only the page looks at it
   * @param bytes true: it has no place on the disk, so its bytes travel, also in Electron
   * @param place what it is taken as: the photo looked at, or the second one that it is compared with
   */
  async function takePhoto(
    source: FileSource,
    sent: boolean,
    bytes = false,
    place: typeof photo = photo,
  ): Promise<void> {
    const { signal } = stay;
    failure.value = null;
    bringing.value = true;
    try {
      const local = await localAddress(source);
      if (signal.aborted) return;
      const name = source.name;
      if (!sent) {
        if (!local)
          throw new AppError('IMAGE_FORMAT_UNSUPPORTED', { format: source.tops[0]?.type || 'unknown' });
        place.value = { photo: null, name, address: local, image: null };
        return;
      }
      const options = { signal, report: () => undefined };
      const { picks, uploads } = bytes
        ? { picks: [], uploads: [await upload(source, options)] }
        : await bring(source, options);
      if (signal.aborted) return;
      place.value =
        picks.length > 0
          ? { photo: { kind: 'pick', pick: picks[0] }, name, address: local ?? '', image: null }
          : {
              photo: { kind: 'upload', upload: uploads[0], index: 0 },
              name,
              address: local ?? uploadedPictureAddress(project.current?.key ?? '', uploads[0], 0),
              image: null,
            };
    } catch (thrown) {
      if (!signal.aborted) failure.value = failureOf(thrown);
    } finally {
      if (!signal.aborted) bringing.value = false;
    }
  }

  /** Takes a photo to compare the first with. */
  const takeSecond = (source: FileSource, bytes = false): Promise<void> =>
    takePhoto(source, true, bytes, second);

  function chooseRun(run: string, epoch?: number): void {
    chosen.value = { model: { kind: 'run', run, ...(epoch === undefined ? {} : { epoch }) }, name: '' };
  }

  /** Pretrained networks whose weights are on this machine. */
  const backbones = shallowRef<{ reference: string; label: string }[]>([]);
  async function loadBackbones(): Promise<void> {
    const all = await api.backbones.list();
    backbones.value = all
      .filter(({ file }) => file !== null && file.problem === null)
      .map(({ reference, label }) => ({ reference, label }));
  }
  function chooseBackbone(reference: string): void {
    const name = backbones.value.find((item) => item.reference === reference)?.label ?? reference;
    chosen.value = { model: { kind: 'backbone', reference }, name };
  }

  /** Takes a model's files: a `model.json` with its weights, or one `.h5` or `.keras` file. */
  async function takeModel(source: FileSource): Promise<void> {
    const { signal } = stay;
    failure.value = null;
    bringing.value = true;
    try {
      const { picks, uploads } = await bring(source, { signal, report: () => undefined });
      if (signal.aborted) return;
      // Of a model in several files, the one that tells about the others.
      const main = Math.max(
        0,
        source.tops.findIndex(({ name }) => /\.(json|h5|keras)$/i.test(name)),
      );
      const model: ExplainModel =
        picks.length > 0 ? { kind: 'pick', pick: picks[main] } : { kind: 'upload', upload: uploads[0] };
      chosen.value = { model, name: source.tops[main]?.name ?? source.name };
    } catch (thrown) {
      if (!signal.aborted) failure.value = failureOf(thrown);
    } finally {
      if (!signal.aborted) bringing.value = false;
    }
  }

  watch(modelKey, () => void loadOverview(), { immediate: true });

  /** Forgets what belongs to the project that was open. */
  function reset(): void {
    stay.abort();
    stay = new AbortController();
    bringing.value = false;
    chosen.value = null;
    photo.value = null;
    second.value = null;
    offers.value = [];
    failure.value = null;
  }

  return {
    chosen,
    model,
    modelKey,
    overview,
    overviewFailure,
    loadOverview,
    photo,
    second,
    offers,
    bringing,
    failure,
    photoOf,
    chooseImage,
    drawOffers,
    takePhoto,
    takeSecond,
    chooseRun,
    backbones,
    loadBackbones,
    chooseBackbone,
    takeModel,
    reset,
  };
});
