/** What a camera wrote into a file. */
import readExif, { type Exif } from 'exif-reader';

/** When and with what a photo was taken. */
export interface Shot {
  /** ISO 8601 without a zone: cameras do not know theirs. */
  readonly takenAt: string | null;
  readonly camera: string | null;
}

/** Where a photo was taken, in degrees of WGS 84: north and east are positive. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

const nothing: Shot = { takenAt: null, camera: null };

/** EXIF lies near the beginning; looking at the whole of a large photo would cost more than it is worth. */
const searchedBytes = 512 * 1024;
const longestBlock = 64 * 1024;

/** The EXIF block in the bytes of a JPEG, HEIC, WebP or any other file that marks it as these do. */
export function findExif(bytes: Buffer): Buffer | undefined {
  const mark = 'Exif\0\0';
  const start = bytes.subarray(0, searchedBytes).indexOf(mark, 0, 'latin1');
  if (start < 0) return undefined;
  const order = bytes.toString('latin1', start + mark.length, start + mark.length + 2);
  return order === 'II' || order === 'MM' ? bytes.subarray(start, start + longestBlock) : undefined;
}

/** Date and camera from an EXIF block; nulls where there is none, or a damaged one. */
export function readShot(exif: Buffer | undefined): Shot {
  const tags = parse(exif);
  if (tags === null) return nothing;
  const date = tags.Photo?.DateTimeOriginal ?? tags.Photo?.DateTimeDigitized ?? tags.Image?.DateTime;
  return { takenAt: isoOf(date), camera: cameraOf(tags) };
}

/** Where it was taken, from an EXIF block; null where that is not said, or is no place on earth. */
export function readPlace(exif: Buffer | undefined): Place | null {
  return placeIn(parse(exif)?.GPSInfo);
}

/** All that is worth reading in an EXIF block, as names and values for people. */
export function listExif(exif: Buffer | undefined): { name: string; value: string }[] {
  const tags = parse(exif);
  if (tags === null) return [];
  const { Photo: photo, Image: image, GPSInfo: place } = tags;
  const shot = readShot(exif);
  const rows: [string, string | null][] = [
    ['Taken', shot.takenAt?.replace('T', ' ') ?? null],
    ['Camera', shot.camera],
    ['Lens', textOf(photo?.LensModel)],
    ['Exposure', exposureOf(numberOf(photo?.ExposureTime))],
    ['Aperture', withUnit('f/', numberOf(photo?.FNumber), '')],
    ['Sensitivity', withUnit('ISO ', numberOf(photo?.ISOSpeedRatings), '')],
    ['Focal length', withUnit('', numberOf(photo?.FocalLength), ' mm')],
    ['Flash', photo?.Flash === undefined ? null : Number(photo.Flash) % 2 === 1 ? 'fired' : 'off'],
    ['Software', textOf(image?.Software)],
    ['Artist', textOf(image?.Artist)],
    ['Place', placeOf(place)],
  ];
  return rows.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
}

function parse(exif: Buffer | undefined): Exif | null {
  if (exif === undefined) return null;
  try {
    return readExif(exif);
  } catch {
    // Half the cameras of the world write it wrong somewhere; it is never worth failing for.
    return null;
  }
}

function isoOf(date: unknown): string | null {
  if (!(date instanceof Date) || Number.isNaN(date.getTime())) return null;
  const year = date.getUTCFullYear();
  return year < 1970 || year > 2200 ? null : date.toISOString().slice(0, 19);
}

function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  // eslint-disable-next-line no-control-regex -- fixed-length fields are filled up with NUL
  const text = value.replace(/[\u0000-\u001f]+/g, ' ').trim();
  return text === '' ? null : text.slice(0, 120);
}

function numberOf(value: unknown): number | null {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'number' && Number.isFinite(first) ? first : null;
}

function cameraOf({ Image: image }: Exif): string | null {
  const [make, model] = [textOf(image?.Make), textOf(image?.Model)];
  if (make === null || model === null) return model ?? make;
  return model.toLowerCase().startsWith(make.toLowerCase().split(' ')[0]) ? model : `${make} ${model}`;
}

function exposureOf(seconds: number | null): string | null {
  if (seconds === null || seconds <= 0) return null;
  return seconds < 0.4 ? `1/${Math.round(1 / seconds)} s` : `${Number(seconds.toFixed(1))} s`;
}

function withUnit(before: string, value: number | null, after: string): string | null {
  return value === null ? null : `${before}${Number(value.toFixed(1))}${after}`;
}

function placeOf(gps: Exif['GPSInfo']): string | null {
  const place = placeIn(gps);
  return place === null ? null : `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
}

function placeIn(gps: Exif['GPSInfo']): Place | null {
  const latitude = degreesOf(gps?.GPSLatitude, gps?.GPSLatitudeRef);
  const longitude = degreesOf(gps?.GPSLongitude, gps?.GPSLongitudeRef);
  if (latitude === null || longitude === null) return null;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}

function degreesOf(parts: unknown, side: unknown): number | null {
  if (!Array.isArray(parts) || parts.length < 3) return null;
  const [degrees, minutes, seconds] = parts.map(Number);
  const value = degrees + minutes / 60 + seconds / 3600;
  if (!Number.isFinite(value)) return null;
  return side === 'S' || side === 'W' ? -value : value;
}
