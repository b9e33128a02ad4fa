/** Opens HDF5 files where they lie, reading only what is asked for. */
import { AppError } from '../../contract/errors.ts';
import { type Hdf5File, wrapHdf5 } from '../../engine/keras/hdf5-file.ts';

/** @throws AppError MODEL_FILE_INVALID */
export async function openHdf5OnDisk(path: string): Promise<Hdf5File> {
  const h5 = await import('h5wasm/node');
  const library = await h5.ready;
  // Otherwise it prints what it does not like.
  library.activate_throwing_error_handler();
  try {
    return wrapHdf5(new h5.File(path, 'r'), path, () => undefined);
  } catch (error) {
    const reason = 'it is cut off or damaged (an HDF5 file that cannot be opened)';
    throw new AppError('MODEL_FILE_INVALID', { path, reason }, { cause: error });
  }
}
