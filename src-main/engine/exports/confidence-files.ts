/** When a model had better say "I don't know": what was fitted for it, as files that travel with its export. */
import type { Calibrated } from '../inference/open-calibration.ts';
import type { OutgoingModel } from './export-format.ts';

/** The limits. */
export const confidenceFile = 'confidence.json';
/** The training photos that distances are measured to. */
export const referenceFile = 'reference.npy';

/** The files, by name; none for a model that nothing was fitted for. */
export function confidenceFiles({ calibrated, classes }: OutgoingModel): Record<string, Uint8Array> {
  if (calibrated === null) return {};
  const { reference } = calibrated;
  const text = `${JSON.stringify(record(calibrated, classes), null, 2)}\n`;
  return {
    [confidenceFile]: new TextEncoder().encode(text),
    ...(reference === null ? {} : { [referenceFile]: npyFile(reference.values, reference.length) }),
  };
}

function record({ calibration, reference }: Calibrated, classes: readonly string[]): object {
  const { temperature, refusal, sets } = calibration;
  const limits = refusal?.classes.map(({ probability, distance }, at) => ({
    label: classes[at],
    probability,
    distance,
  }));
  return {
    lensletConfidence: 1,
    // The scores are divided by it inside the model.
    temperature,
    keep: refusal?.keep ?? null,
    classes: limits ?? null,
    reference: reference && referenceFile,
    neighbour: reference?.neighbour ?? null,
    sets: sets && { coverage: sets.coverage, limits: sets.limits },
  };
}

/**
 * Rows of float32 as NumPy keeps them.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html (version 1.0)
 */
function npyFile(values: Float32Array, length: number): Uint8Array {
  const shape = `(${values.length / length}, ${length})`;
  const described = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  // The numbers begin at a multiple of 64; a line feed ends what is before them.
  const header = described.padEnd(Math.ceil((described.length + 11) / 64) * 64 - 11) + '\n';
  const bytes = new Uint8Array(10 + header.length + values.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 10 + header.length);
  return bytes;
}
