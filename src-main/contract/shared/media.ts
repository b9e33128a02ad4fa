/**
 * Addresses of pixels. Bytes never travel in requests: the renderer shows `<img src="/media/…">`, served by one
 * fetch-style handler that the web server mounts as a route and Electron as a custom protocol.
 *
 * Ids are counted in each project, and browsers reuse a picture that a page has shown under the same address. So every
 * address of a project's pictures names the project's folder (`Project.key`), and that of a photo its content as well:
 * what was once answered to an address stays right for ever, and another project's photo cannot be behind it.
 */

/** One photo of a project, and the content that it had when it was asked about. */
export interface PhotoReference {
  /** `Project.key` */
  readonly project: string;
  readonly id: number;
  /** As `datasets.photoVersions` tells it. */
  readonly version: string;
}

const inProject = (project: string, ...path: (string | number)[]): string =>
  ['media', 'project', project, ...path].join('/');

/** A small JPEG of a photo, long side at most 256 pixels, upright. */
export function thumbnailAddress({ project, id, version }: PhotoReference): string {
  return inProject(project, 'thumbnail', id, version);
}

/** The whole photo, upright, in a format every browser shows, long side at most 2048 pixels. */
export function pictureAddress({ project, id, version }: PhotoReference): string {
  return inProject(project, 'picture', id, version);
}

/** Where the bytes of one dropped file go (`PUT`); `path` is its path inside the dropped folder. */
export function uploadAddress(uploadId: string, path: string): string {
  return `upload/${uploadId}?path=${encodeURIComponent(path)}`;
}

/** The n-th file of an upload (in the order of their paths) as a picture. */
export function uploadedPictureAddress(project: string, uploadId: string, index: number): string {
  return inProject(project, 'upload', uploadId, index);
}

/** Augmented pictures on one sheet; only the last few are kept. */
export function sheetAddress(project: string, sheetId: string): string {
  return inProject(project, 'sheet', sheetId);
}

/** A photo that the user picked or dropped and that is in no project, by the id of its path. */
export function pickedPictureAddress(project: string, pick: string): string {
  return inProject(project, 'pick', pick);
}

/** A photo of a sorting, by its id there: small, or as large as the window may want. */
export function sortedPictureAddress(
  project: string,
  sorting: string,
  photo: number,
  size: 'thumbnail' | 'picture',
): string {
  return ['media', 'sort', project, sorting, photo, size].join('/');
}
