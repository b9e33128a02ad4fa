/** Where the pictures of photos are, for all who show some. */
import { type InjectionKey, inject } from 'vue';

/** Addresses by image id. Undefined until it is known which content the photo has; then whoever asked is drawn anew. */
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
