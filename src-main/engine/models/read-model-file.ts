/** Reads model files of every format Lenslet knows, recognised by content. */
import { AppError } from '../../contract/shared/errors.ts';
import { checkTopology } from '../network/check-topology.ts';
import { isHdf5 } from '../keras/hdf5-file.ts';
import { readKerasH5, readKerasZip } from '../keras/keras-file.ts';
import { maxDescription } from '../network/model-description.ts';
import type { ModelSource } from '../network/model-source.ts';
import type { ModelPlace } from './model-files.ts';
import { readTfjsFile } from './tfjs-file.ts';
import { wrongBeginning } from './wrong-beginning.ts';

/** Beginning of every zip file. */
function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/**
 * Reads a model file: `model.json`, Keras `.h5` or `.keras`, whatever it is called.
 * @throws AppError MODEL_NOT_FOUND, MODEL_FILE_INVALID, MODEL_SHARD_…, MODEL_LAYER_UNSUPPORTED, MODEL_WEIGHTS_UNKNOWN
 */
export async function readModelFile(file: ModelPlace): Promise<ModelSource> {
  const { path } = file;
  const source = await readAny(file).catch((error: unknown) => {
    if (error instanceof AppError) throw error;
    // Whatever strange thing a file holds, it is the file that is at fault.
    const reason = `it is damaged (${error instanceof Error ? error.message : String(error)})`;
    throw new AppError('MODEL_FILE_INVALID', { path, reason }, { cause: error });
  });
  try {
    checkTopology(source.topology, path);
    return source;
  } catch (error) {
    source.close();
    throw error;
  }
}

async function readAny({ storage, name, path, known }: ModelPlace): Promise<ModelSource> {
  const bytes = await storage.read(name);
  if (bytes === null) throw new AppError('MODEL_NOT_FOUND', { path });
  if (isHdf5(bytes)) return readKerasH5(bytes, path, known);
  if (isZip(bytes)) return readKerasZip(bytes, path);
  const wrong = wrongBeginning(bytes, path);
  if (wrong !== null) throw wrong;
  if (bytes.byteLength > maxDescription)
    throw new AppError('MODEL_FILE_INVALID', {
      path,
      reason: 'it is too large for a description of a network',
    });
  return readTfjsFile(storage, new TextDecoder().decode(bytes), path);
}
