/** The camera: on between `start` and `stop`, and never after the component that asked for it is gone. */
import { useLocalStorage } from '@vueuse/core';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { ErrorData } from '../../../src-main/contract/app/index.ts';
import { AppError, type ErrorCode } from '../../../src-main/contract/shared/errors.ts';
import { useLatest } from '../composables/latest.ts';
import { type FrameOptions, drawFrame, encodeFrame, smallAddress } from './frame-picture.ts';
import { withShotNote } from './jpeg-exif.ts';

/** A photo from the camera. */
export interface CameraPhoto {
  /** A JPEG that knows when it was taken. */
  readonly picture: Blob;
  readonly takenAt: Date;
  /** A small copy's address; give it back with `URL.revokeObjectURL`. Empty unless asked for. */
  readonly small: string;
}

const codes: Readonly<Record<string, ErrorCode>> = {
  NotAllowedError: 'CAMERA_REFUSED',
  SecurityError: 'CAMERA_REFUSED',
  NotFoundError: 'CAMERA_NONE',
  OverconstrainedError: 'CAMERA_NONE',
  NotReadableError: 'CAMERA_BUSY',
  AbortError: 'CAMERA_BUSY',
};

/** What a refused camera means. */
export function cameraError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const name = thrown instanceof Error ? thrown.name : '';
  const code = codes[name] ?? 'CAMERA_BUSY';
  const reason = thrown instanceof Error ? thrown.message || name : String(thrown);
  return new AppError(code, code === 'CAMERA_BUSY' ? { reason } : {}, { cause: thrown });
}

async function open(deviceId: string): Promise<MediaStream> {
  // Pages that came over plain http from another machine have no cameras.
  if (navigator.mediaDevices === undefined) throw new AppError('CAMERA_INSECURE');
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  return navigator.mediaDevices.getUserMedia({
    video: deviceId === '' ? size : { ...size, deviceId: { ideal: deviceId } },
    audio: false,
  });
}

/**
 * Makes a camera for the calling component. Nothing is asked for before `start`. Give `video` to a `<video>` element
 * (see `shared/camera/camera-picture.vue`).
 */
export function useCamera() {
  const deviceId = useLocalStorage('lenslet-camera', '');
  /** The live image is mirrored; the photos are not. */
  const mirrored = useLocalStorage('lenslet-camera-mirror', true);
  const square = useLocalStorage('lenslet-camera-square', true);
  const video = shallowRef<HTMLVideoElement | null>(null);
  const devices = shallowRef<{ id: string; label: string }[]>([]);
  const failure = shallowRef<ErrorData | null>(null);
  const stream = shallowRef<MediaStream | null>(null);
  const starting = ref(false);
  /** Frames are coming. */
  const ready = ref(false);
  const starts = useLatest();

  function stop(): void {
    starts.cancel();
    starting.value = false;
    ready.value = false;
    stream.value?.getTracks().forEach((track) => track.stop());
    stream.value = null;
  }

  async function list(): Promise<void> {
    const found = await navigator.mediaDevices.enumerateDevices();
    devices.value = found
      .filter(({ kind }) => kind === 'videoinput')
      .map(({ deviceId: id, label }, i) => ({ id, label: label || `Camera ${i + 1}` }));
  }

  /** Switches the camera on; how that went is in `ready` and `failure`. */
  async function start(): Promise<void> {
    stop();
    const { signal } = starts;
    starting.value = true;
    failure.value = null;
    try {
      const got = await open(deviceId.value);
      if (signal.aborted) return got.getTracks().forEach((track) => track.stop());
      const [track] = got.getVideoTracks();
      track.addEventListener('ended', () => {
        if (signal.aborted) return;
        stop();
        failure.value = new AppError('CAMERA_ENDED').toData();
      });
      stream.value = got;
      await list();
    } catch (thrown) {
      if (!signal.aborted) failure.value = cameraError(thrown).toData();
    } finally {
      if (!signal.aborted) starting.value = false;
    }
  }

  watch([video, stream], ([element, source]) => {
    if (element === null) return;
    element.srcObject = source;
    // It may be taken away before it plays.
    if (source !== null) element.play().catch(() => undefined);
  });

  /** The camera in use: the chosen one may have been unplugged. */
  const current = computed(() => {
    const settings = stream.value?.getVideoTracks()[0]?.getSettings();
    return devices.value.find(({ id }) => id === settings?.deviceId) ?? devices.value[0] ?? null;
  });

  async function choose(id: string): Promise<void> {
    deviceId.value = id;
    await start();
  }

  /** Takes a photo of this very moment; null while no frames come. */
  async function photo(options: FrameOptions & { small?: boolean } = {}): Promise<CameraPhoto | null> {
    const canvas = video.value === null || !ready.value ? null : drawFrame(video.value, options);
    if (canvas === null) return null;
    const takenAt = new Date();
    const camera = current.value?.label ?? '';
    const [plain, small] = await Promise.all([
      encodeFrame(canvas),
      options.small ? smallAddress(canvas) : '',
    ]);
    return plain && { picture: await withShotNote(plain, { takenAt, camera }), takenAt, small };
  }

  onScopeDispose(stop);
  return { video, devices, current, mirrored, square, failure, starting, ready, start, stop, choose, photo };
}

/** A camera, as `useCamera` makes it. */
export type Camera = ReturnType<typeof useCamera>;
