/**
 * Which relative paths may be joined to a folder when they were read from a file, a database or the wire. Pure text:
 * what the file system makes of a path (links) is for `core/files`.
 */

/** Whose names count: a path for Windows must also be harmless to its devices, drives and alternate data streams. */
export type PathRules = 'posix' | 'windows';

/** The rules of a platform. */
export function rulesOf(platform: NodeJS.Platform): PathRules {
  return platform === 'win32' ? 'windows' : 'posix';
}

/** True for the names of devices that Windows finds in every folder, such as `con.jpg`. */
export function isDeviceOnWindows(name: string): boolean {
  return /^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³]) *(\..*)?$/i.test(name);
}

/** True for `\\server\share` and `\\?\…`, with slashes of either kind: on Windows, asking for one signs in there. */
export function isNetworkPath(path: string): boolean {
  return /^[\\/]{2}/.test(path);
}

/**
 * Why a path must not be joined to a folder, as a noun phrase; null when it stays inside. Forward slashes separate;
 * `.` changes nothing and is allowed.
 */
export function whyOutside(path: string, rules: PathRules): string | null {
  const windows = rules === 'windows';
  if (path.includes('\0')) return 'a path with control characters';
  if (path.startsWith('/')) return 'an absolute path';
  if (windows && /^(\\|[a-z]:)/i.test(path)) return 'an absolute path';
  if (windows && path.includes('\\')) return 'a path with backslashes';
  const segments = path.split('/').filter((segment) => segment !== '.');
  if (segments.length === 0 || segments.some((segment) => segment === '' || segment === '..'))
    return 'a path that is not plain';
  return windows ? (segments.map(whyNotOnWindows).find((reason) => reason !== null) ?? null) : null;
}

function whyNotOnWindows(name: string): string | null {
  // `photo.jpg:hidden` is another stream of the same file.
  if (name.includes(':')) return 'a name with a colon';
  // Windows takes dots and spaces from the end: `.. ` would be the folder above.
  if (/[. ]$/.test(name)) return 'a name that ends with a dot or a space';
  return isDeviceOnWindows(name) ? 'the name of a device' : null;
}
