/** Says what a file is that is not what its name promises. */
import { AppError } from '../../contract/shared/errors.ts';

/** What a file should be by its name; null for JSON and for names that say nothing. */
function expectedOf(path: string): string | null {
  if (/\.(h5|hdf5)(\.part)?$/i.test(path)) return 'an HDF5 file';
  return /\.keras$/i.test(path) ? 'a Keras archive' : null;
}

function describe(beginning: string, bytes: number): string {
  if (bytes === 0) return 'empty';
  if (/^<(!doctype|html|head|\?xml)/i.test(beginning)) return 'a web page (was the download refused?)';
  if (/^version https:\/\/git-lfs/.test(beginning)) return 'a Git LFS pointer';
  if (/^[{[]/.test(beginning)) return 'JSON';
  if (/^(\xff\xd8\xff|\x89PNG|GIF8)/.test(beginning)) return 'a picture';
  return 'something else';
}

/**
 * The error for a file whose name promises HDF5 or a Keras archive although it begins as neither; null when the name
 * promises nothing.
 * @param bytes the file, or its beginning
 */
export function wrongBeginning(bytes: Uint8Array, path: string): AppError | null {
  const expected = expectedOf(path);
  if (expected === null) return null;
  const beginning = new TextDecoder('latin1').decode(bytes.subarray(0, 512)).trimStart();
  const reason = `it is ${describe(beginning, bytes.byteLength)} instead of ${expected}`;
  return new AppError('MODEL_FILE_INVALID', { path, reason });
}
