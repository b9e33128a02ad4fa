/** The addresses of photos and thumbnails, for all components that show them. */
import { type InjectionKey, inject } from 'vue';

/** Addresses by image id. Undefined until it is known which content the photo has; then the caller is drawn again. */
export interface PhotoAddresses {
  /** A small JPEG, long side at most 256 pixels. */
  thumbnail(id: number): string | undefined;
  /** The whole photo, long side at most 2048 pixels. */
  picture(id: number): string | undefined;
}

/** What the page provides. */
export const photoAddresses: InjectionKey<PhotoAddresses> = Symbol('photo addresses');

/** The addresses of the open project's photos. Called in `setup`. */
export function usePhotoAddresses(): PhotoAddresses {
  const addresses = inject(photoAddresses);
  if (addresses === undefined) throw new Error('no photo addresses are provided');
  return addresses;
}
