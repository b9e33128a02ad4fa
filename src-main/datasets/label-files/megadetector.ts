/**
 * Detections of MegaDetector's batch mode.
 * @see https://lila.science/megadetector-output-format, versions 1.x
 */
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { decodeList } from './list-text.ts';

/** What was found in one place of a photo. */
export interface Detection {
  /** `animal`, `person`, `vehicle`, or what another detector calls it. */
  readonly category: string;
  readonly confidence: number;
  /** Shares of width and height, from the left and the top of the upright photo. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** A file of detections. */
export interface Detections {
  /** By the path of the photo as the file has it, with forward slashes. Null: the detector could not read the photo. */
  readonly photos: ReadonlyMap<string, readonly Detection[] | null>;
  /** Names of the categories. */
  readonly categories: readonly string[];
}

const share = z.number().min(-0.01).max(1.01);
const fileSchema = z.object({
  images: z.array(
    z.object({
      file: z.string().min(1),
      detections: z
        .array(
          z.object({
            category: z.union([z.string(), z.number().transform(String)]),
            conf: z.number().min(0).max(1),
            bbox: z.tuple([share, share, share, share]),
          }),
        )
        .nullish(),
      failure: z.string().nullish(),
    }),
  ),
  detection_categories: z.record(z.string(), z.string()).default({
    '1': 'animal',
    '2': 'person',
    '3': 'vehicle',
  }),
  info: z.looseObject({ format_version: z.union([z.string(), z.number()]).optional() }).optional(),
});

/**
 * Reads a file of detections.
 * @param path for the message of a failure
 * @throws AppError SORT_BOXES_INVALID
 */
export function readDetections(bytes: Uint8Array, path: string): Detections {
  const invalid = (reason: string, cause?: unknown): AppError =>
    new AppError('SORT_BOXES_INVALID', { path, reason }, { cause });
  let json: unknown;
  try {
    json = JSON.parse(decodeList(bytes, path).text);
  } catch (error) {
    throw invalid(error instanceof SyntaxError ? `not valid JSON (${error.message})` : String(error), error);
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    const [{ path: place, message }] = parsed.error.issues;
    throw invalid(place.length === 0 ? message : `${place.map(String).join('.')}: ${message}`);
  }
  const { images, detection_categories: names, info } = parsed.data;
  const version = String(info?.format_version ?? '1');
  if (!/^1(\.|$)/.test(version)) throw invalid(`format ${version} is not known`);
  const photos = new Map<string, Detection[] | null>();
  for (const { file, detections, failure } of images) {
    const found = (detections ?? []).map(({ category, conf, bbox: [x, y, width, height] }) => ({
      category: names[category] ?? category,
      confidence: conf,
      box: clipped(x, y, width, height),
    }));
    photos.set(plain(file), failure != null && detections == null ? null : found);
  }
  return { photos, categories: [...new Set(Object.values(names))] };
}

/** Windows writes backslashes; a list may begin its paths with `./`. */
function plain(file: string): string {
  return file.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
}

function clipped(x: number, y: number, width: number, height: number): Detection['box'] {
  const [left, top] = [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
  return {
    x: left,
    y: top,
    width: Math.min(1 - left, Math.max(0, width)),
    height: Math.min(1 - top, Math.max(0, height)),
  };
}
