import { AppError } from '../../contract/shared/errors.ts';
import { isDeviceOnWindows, rulesOf, whyOutside } from '../../core/text/untrusted-path.ts';

const maxSegments = 64;
/** What file systems take. */
const maxBytes = 255;

/**
 * Checks the path of an uploaded file inside its upload and gives it back as segments that are safe to join to a
 * folder. On Windows, names that its file systems refuse are changed a little, so that the photos still arrive.
 * @throws AppError UPLOAD_INVALID for anything that could lead out of the folder or is no name
 */
export function uploadSegments(path: string, platform: NodeJS.Platform = process.platform): string[] {
  const refuse = (reason: string): AppError => new AppError('UPLOAD_INVALID', { reason });
  if (hasControlCharacters(path)) throw refuse('a path with control characters');
  // Browsers write forward slashes on every system; on Windows a backslash would be a separator too.
  if (/^[/\\]/.test(path) || /^[a-z]:/i.test(path)) throw refuse('an absolute path');
  const segments = path.split(platform === 'win32' ? /[/\\]/ : '/');
  if (segments.length > maxSegments) throw refuse('a path of too many folders');
  if (segments.includes('.')) throw refuse('a path that is not plain');
  if (segments.some((segment) => segment.includes('\\'))) throw refuse('a path with backslashes');
  if (segments.some((segment) => Buffer.byteLength(segment) > maxBytes))
    throw refuse('a name that is too long');
  const named = segments.map((segment) =>
    // Not what leads upwards, which is refused.
    platform === 'win32' && !/^\.*$/.test(segment) ? nameForWindows(segment) : segment,
  );
  const reason = whyOutside(named.join('/'), rulesOf(platform));
  if (reason !== null) throw refuse(reason);
  return named;
}

/** True for a path with control characters, such as the `Icon\r` that macOS keeps in folders. */
export function hasControlCharacters(path: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is sought
  return /[\u0000-\u001f\u007f]/.test(path);
}

function nameForWindows(name: string): string {
  const plain = name.replace(/[<>:"|?*]/g, '_').replace(/[. ]+$/, '_');
  return isDeviceOnWindows(plain) ? `_${plain}` : plain;
}
