/** Entry point of the thread that looks into model files. */
import { AppError, type ErrorData } from '../../contract/shared/errors.ts';
import { describeModelFile } from './recognise-file.ts';
import { type PlainRecognised, toPlain } from './recognised-file.ts';

/** What a file holds, or why it cannot be used. */
export type RecognitionReply =
  | { readonly found: PlainRecognised }
  /** `spent`: the HDF5 library broke down, so the thread must not be given another file. */
  | { readonly refused: ErrorData; readonly spent: boolean };

// The HDF5 library prints its failure here; the answer holds a better message.
console.error = () => undefined;
console.warn = () => undefined;

/** Answers a request. Whatever strange thing a file holds, it is the file that is at fault. */
export default async function recognise(path: string): Promise<RecognitionReply> {
  try {
    return { found: toPlain(await describeModelFile(path)) };
  } catch (error) {
    const spent = [error, (error as Error).cause].some((one) => one instanceof WebAssembly.RuntimeError);
    if (error instanceof AppError) return { refused: error.toData(), spent };
    const reason = `it is damaged (${error instanceof Error ? error.message : String(error)})`;
    return { refused: new AppError('MODEL_FILE_INVALID', { path, reason }).toData(), spent };
  }
}
