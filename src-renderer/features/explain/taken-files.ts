/** Dropped or picked photos and model files, and pictures of the camera, sent to the services. */
import { type Ref, ref, shallowRef } from 'vue';
import { AppError } from '../../../src-main/contract/shared/errors.ts';
import type { ErrorData, ExplainModel } from '../../../src-main/contract/app/index.ts';
import { uploadedPictureAddress } from '../../../src-main/contract/shared/media.ts';
import { type FileSource, bring, upload } from '../../client/index.ts';
import type { Latest } from '../../shared/composables/latest.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useProjectStore } from '../../shared/project/project.ts';
import { reducedPicture } from './lab/photo-planes.ts';
import type { PhotoChoice } from './text.ts';

/** Long side of what the page keeps of a file, in pixels. */
const shownSide = 1600;
const shownByBrowsers = /^image\/(jpeg|png|webp|gif|avif|bmp)$/;

/** How the page shows a file by itself: null for formats it does not know, empty for broken ones. */
async function localAddress(source: FileSource): Promise<string | null> {
  const first = source.tops.find((file) => shownByBrowsers.test(file.type));
  if (first === undefined) return null;
  return reducedPicture(first, shownSide).catch(() => '');
}

/** Sends a photo to the services. @param bytes true: its bytes are uploaded, also in Electron */
async function sentPhoto(
  source: FileSource,
  local: string | null,
  bytes: boolean,
  signal: AbortSignal,
  projectKey: string,
): Promise<PhotoChoice> {
  const options = { signal, report: () => undefined };
  const { picks, uploads } = bytes
    ? { picks: [], uploads: [await upload(source, options)] }
    : await bring(source, options);
  const { name } = source;
  if (picks.length > 0)
    return { photo: { kind: 'pick', pick: picks[0] }, name, address: local ?? '', image: null };
  const address = local ?? uploadedPictureAddress(projectKey, uploads[0], 0);
  return { photo: { kind: 'upload', upload: uploads[0], index: 0 }, name, address, image: null };
}

/** @param opened stale once another project is opened: files for the one before are sent no further, and dropped */
export function useTakenFiles(opened: Latest) {
  const project = useProjectStore();
  const bringing = ref(false);
  const failure = shallowRef<ErrorData | null>(null);

  async function attempt(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = opened;
    failure.value = null;
    bringing.value = true;
    try {
      await work(signal);
    } catch (thrown) {
      if (!signal.aborted) failure.value = failureOf(thrown);
    } finally {
      if (!signal.aborted) bringing.value = false;
    }
  }

  /**
   * Takes a dropped or picked photo, or one of the camera. Failures are in `failure`.
   *
   * Args:
   *   source: the photo's file.
   *   sent: false: the services do not get it (no project is open), only the page shows it.
   *   bytes: true: it has no place on the disk, so its bytes are sent, also in Electron.
   *   place: what it is taken as: the photo explained, or the second one that it is compared with.
   */
  const takePhoto = (
    source: FileSource,
    sent: boolean,
    bytes: boolean,
    place: Ref<PhotoChoice | null>,
  ): Promise<void> =>
    attempt(async (signal) => {
      const local = await localAddress(source);
      if (signal.aborted) return;
      if (!sent && !local) {
        const format = source.tops[0]?.type || 'unknown';
        throw new AppError('IMAGE_FORMAT_UNSUPPORTED', { format });
      }
      const taken = sent
        ? await sentPhoto(source, local, bytes, signal, project.current?.key ?? '')
        : { photo: null, name: source.name, address: local ?? '', image: null };
      if (!signal.aborted) place.value = taken;
    });

  /** Takes a model's files: a `model.json` with its weights, or one `.h5` or `.keras` file. */
  const takeModel = (
    source: FileSource,
    place: Ref<{ model: ExplainModel; name: string } | null>,
  ): Promise<void> =>
    attempt(async (signal) => {
      const { picks, uploads } = await bring(source, { signal, report: () => undefined });
      if (signal.aborted) return;
      // Of a model in several files, the one that lists the others.
      const main = Math.max(
        0,
        source.tops.findIndex(({ name }) => /\.(json|h5|keras)$/i.test(name)),
      );
      const model: ExplainModel =
        picks.length > 0 ? { kind: 'pick', pick: picks[main] } : { kind: 'upload', upload: uploads[0] };
      place.value = { model, name: source.tops[main]?.name ?? source.name };
    });

  return { bringing, failure, takePhoto, takeModel };
}
