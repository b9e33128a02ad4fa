/** Names of photos taken in the app. The split keeps together what they name together: see `datasets/split/photo-groups.ts`. */

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-23 15.04.05`, in local time; sorts as it was taken and is a file's name everywhere. */
export function stamp(time: Date): string {
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}.${two(time.getMinutes())}.${two(time.getSeconds())}`;
}

/** How the names of a burst begin: no two bursts alike. */
export function burstName(begun: Date): string {
  return `camera ${stamp(begun)}-${String(begun.getMilliseconds()).padStart(3, '0')} burst`;
}

/** How the names of a video's frames begin. */
export function framesName(file: string): string {
  const stem = file
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    // eslint-disable-next-line no-control-regex -- control characters are exactly what must go
    .replace(/[\u0000-\u001f<>:"/\\|?*]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return `${stem.slice(0, 60).replace(/^[. ]+|[. ]+$/g, '') || 'video'} frame`;
}

/** The n-th photo of a burst or video, counted from 1. */
export function shotName(begin: string, number: number): string {
  return `${begin} ${String(number).padStart(4, '0')}.jpg`;
}
