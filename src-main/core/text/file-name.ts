import { isDeviceOnWindows } from './untrusted-path.ts';

/** A name that is safe as a folder on every system: no separators, control characters or reserved Windows names. */
export function safeFileName(text: string, fallback: string): string {
  const cleaned = text
    .normalize('NFC')
    // eslint-disable-next-line no-control-regex -- control characters are exactly what must go
    .replace(/[\u0000-\u001f<>:"/\\|?*]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[. ]+$/, '')
    .slice(0, 80);
  if (cleaned === '' || /^\.+$/.test(cleaned)) return fallback;
  return isDeviceOnWindows(cleaned) ? `${cleaned}-` : cleaned;
}
