/**
 * Addresses of pixels. Bytes never travel in requests: the renderer shows `<img src="/media/…">`, served by one
 * fetch-style handler that the web server mounts as a route and Electron as a custom protocol.
 */

/** A small JPEG of an image, long side at most 256 pixels, upright. */
export function thumbnailAddress(imageId: number): string {
  return `media/thumbnail/${imageId}`;
}

/** The whole picture, upright, in a format every browser shows, long side at most 2048 pixels. */
export function pictureAddress(imageId: number): string {
  return `media/picture/${imageId}`;
}

/** Where the bytes of one dropped file go (`PUT`); `path` is its path inside the dropped folder. */
export function uploadAddress(uploadId: string, path: string): string {
  return `upload/${uploadId}?path=${encodeURIComponent(path)}`;
}

/** The n-th file of an upload (in the order of their paths) as a picture. */
export function uploadedPictureAddress(uploadId: string, index: number): string {
  return `media/upload/${uploadId}/${index}`;
}

/** Augmented pictures on one sheet; only the last few are kept. */
export function sheetAddress(sheetId: string): string {
  return `media/sheet/${sheetId}`;
}
