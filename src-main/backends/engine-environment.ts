/** What has to be in the environment before the engine's process starts. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { linkedRuntime, packageFolder } from './runtime-folder.ts';

/**
 * The library path for the GPU runtime: the system's loader reads it only when a process starts.
 * @param env the environment that the process will get besides
 * @param base a file from whose place the packages are looked for
 * @returns variables to add; none where there is no GPU runtime
 */
export function engineEnvironment(
  env: NodeJS.ProcessEnv = process.env,
  base: string = import.meta.filename,
): Record<string, string> {
  const folder = packageFolder('@tensorflow/tfjs-node-gpu', base);
  const runtime = folder === null ? null : linkedRuntime(folder);
  if (process.platform !== 'linux' || runtime?.description?.kind !== 'gpu') return {};
  const folders = runtime.description.libraryFolders.map((path) => join(runtime.folder, path));
  const path = [...folders.filter(existsSync), env.LD_LIBRARY_PATH ?? ''].filter((part) => part !== '');
  return { LD_LIBRARY_PATH: path.join(delimiter) };
}
