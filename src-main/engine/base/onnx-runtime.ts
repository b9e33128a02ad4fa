/** A program that runs ONNX files, as far as the engine uses it. The host hands it in. */

/** Numbers of a value, row by row. */
export interface OnnxValue {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** An opened file. */
export interface OnnxSession {
  /**
   * Computes outputs for bytes such as pixels.
   * @param input name of the value that the file takes
   * @param shape of the bytes, the batch first
   * @param outputs names of those that are wanted
   * @returns them in that order
   */
  run(
    input: string,
    shape: readonly number[],
    bytes: Uint8Array,
    outputs: readonly string[],
  ): Promise<OnnxValue[]>;
  close(): Promise<void>;
}

/** ONNX Runtime, or what runs such files as well. */
export interface OnnxRuntime {
  /** For people, with its version. */
  readonly label: string;
  /** Opens a file in memory. @throws an error of the program for a file that it cannot run */
  open(bytes: Uint8Array): Promise<OnnxSession>;
}
