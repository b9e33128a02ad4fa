/**
 * What was fitted for a model, in a folder beside its `model.json`: a record, and the features that distances are
 * measured to.
 * Both mean something for that very model only, and are left alone by everything else that reads the folder.
 */
import { type Calibration, calibrationSchema } from '../../contract/shared/calibration.ts';
import { hash32 } from '../../core/random/random.ts';
import type { ReferenceRows } from '../../core/statistics/confidence/nearest.ts';
import { type Storage, readJson, writeJson } from '../../core/files/storage.ts';

/** The folder beside the model. */
const folder = 'calibration';
const recordFile = `${folder}/calibration.json`;

/** Tells one model file from another. @param bytes of a `model.json`, which names its weights anew each time */
export function modelMark(bytes: Uint8Array): string {
  return String(hash32(new TextDecoder('latin1').decode(bytes)));
}

/**
 * The record beside a model.
 * @param name of the model's file
 * @returns null where there is none, it is damaged, or it was fitted for another model
 */
export async function readCalibration(storage: Storage, name: string): Promise<Calibration | null> {
  if (name !== 'model.json') return null;
  const found = calibrationSchema.safeParse(await readJson(storage, recordFile).catch(() => null));
  if (!found.success) return null;
  const model = await storage.read(name);
  return model !== null && modelMark(model) === found.data.model ? found.data : null;
}

/** The features that distances are measured to; null where there are none, or not as many as the record says. */
export async function readReference(
  storage: Storage,
  { reference }: Calibration,
): Promise<ReferenceRows | null> {
  if (reference === null) return null;
  const { file, rows, length, neighbour } = reference;
  const bytes = await storage.read(`${folder}/${file}`).catch(() => null);
  if (bytes === null || bytes.byteLength !== 4 * rows * length) return null;
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return { values, length, neighbour };
}

/** Writes both: the features under a new name, then the record, then the features of before go. */
export async function writeCalibration(
  storage: Storage,
  calibration: Omit<Calibration, 'reference'>,
  reference: ReferenceRows | null,
): Promise<Calibration> {
  const before = (await storage.list(folder)).filter((name) => name.endsWith('.f32'));
  const file = `reference-${hash32(calibration.model + calibration.fittedAt).toString(16)}.f32`;
  if (reference !== null) {
    const { buffer, byteOffset, byteLength } = reference.values;
    await storage.write(`${folder}/${file}`, new Uint8Array(buffer, byteOffset, byteLength));
  }
  const whole: Calibration = {
    ...calibration,
    reference:
      reference === null
        ? null
        : {
            file,
            rows: reference.values.length / reference.length,
            length: reference.length,
            neighbour: reference.neighbour,
          },
  };
  await writeJson(storage, recordFile, whole);
  for (const old of before) if (old !== file) await storage.remove(`${folder}/${old}`);
  return whole;
}
