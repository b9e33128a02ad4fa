/** A program that runs model files of its format, as far as the engine uses it. The host hands it in. */

/** Numbers of a value, row by row. */
export interface ModelValue {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** An opened file. */
export interface ModelSession {
  /**
   * Computes outputs for pixels.
   * @param input name of the value that the file takes
   * @param shape of the pixels, the batch first
   * @param pixels as bytes where the file takes uint8, as floats where it takes float32
   * @param outputs names of those that are wanted
   * @returns them in that order
   */
  run(
    input: string,
    shape: readonly number[],
    pixels: Uint8Array | Float32Array,
    outputs: readonly string[],
  ): Promise<ModelValue[]>;
  close(): Promise<void>;
}

/** ONNX Runtime, LiteRT, or what runs such files as well. */
export interface ModelRuntime {
  /** For people, with its version. */
  readonly label: string;
  /** Opens a file in memory. @throws an error of the program for a file that it cannot run */
  open(bytes: Uint8Array): Promise<ModelSession>;
}
