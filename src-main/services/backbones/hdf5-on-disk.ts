/** Opens HDF5 files where they lie, reading only what is needed. */
import { type FileSystem, type Hdf5File, wrapHdf5 } from '../../engine/keras/hdf5-file.ts';

/** @throws AppError MODEL_FILE_INVALID */
export async function openHdf5OnDisk(path: string): Promise<Hdf5File> {
  const h5 = await import('h5wasm/node');
  const library = await h5.ready;
  // Otherwise it prints what it does not like.
  library.activate_throwing_error_handler();
  const fs = library.FS as unknown as FileSystem;
  return wrapHdf5(
    () => new h5.File(path, 'r'),
    fs,
    path,
    () => undefined,
  );
}
