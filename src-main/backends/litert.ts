/** LiteRT, Google's runtime for `.tflite` files, as WebAssembly: loads exports again to prove them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type * as LiteRt from '@litertjs/core';
import { AppError } from '../contract/shared/errors.ts';
import type { ModelRuntime } from '../engine/base/model-runtime.ts';

const require = createRequire(import.meta.url);
const script = '@litertjs/core/wasm/litert_wasm_internal.js';

let loading: Promise<typeof LiteRt> | null = null;

/**
 * Loads LiteRT when it is first needed.
 * @throws AppError EXPORT_UNPROVEN where it cannot be loaded
 */
export async function loadLiteRt(): Promise<ModelRuntime> {
  let litert: typeof LiteRt;
  try {
    loading ??= load();
    litert = await loading;
  } catch (error) {
    loading = null;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('EXPORT_UNPROVEN', { reason }, { cause: error });
  }
  const { Tensor, loadAndCompile } = litert;
  return {
    label: `LiteRT ${versionOf('@litertjs/core')}`,
    async open(bytes) {
      const model = await loadAndCompile(bytes, { accelerator: 'wasm' });
      return {
        async run(input, shape, pixels, outputs) {
          const image = new Tensor(
            pixels as Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>,
            shape as number[],
          );
          const found = await model.run({ [input]: image });
          image.delete();
          const values = outputs.map((name) => ({
            shape: Array.from(found[name].type.layout.dimensions),
            values: found[name].toTypedArray() as Float32Array,
          }));
          for (const tensor of Object.values(found)) tensor.delete();
          return values;
        },
        close: async () => model.delete(),
      };
    },
  };
}

function versionOf(name: string): string {
  return (JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')) as { version: string })
    .version;
}

/** What the package expects of a browser, as far as it is asked for while it loads. */
interface Page {
  self?: unknown;
  importScripts?: (path: string) => void;
  ModuleFactory?: unknown;
  Module?: unknown;
}

/**
 * The package finds its WebAssembly the way a web worker does. The file itself knows Node; it is CommonJS in a package
 * that says it is not. What is set for it is taken away again: other libraries look for the same names.
 */
async function load(): Promise<typeof LiteRt> {
  const litert = await import('@litertjs/core');
  const path = require.resolve(script);
  const page = globalThis as Page;
  const { self: before } = page;
  const { warn } = console;
  try {
    page.self = globalThis;
    page.Module = { print: ignore, printErr: ignore };
    page.importScripts = () => {
      const module = { exports: {} };
      // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- a file of the pinned package
      new Function('module', 'exports', 'require', '__filename', '__dirname', readFileSync(path, 'utf8'))(
        module,
        module.exports,
        require,
        path,
        dirname(path),
      );
      page.ModuleFactory = module.exports;
    };
    // It looks for a graphics card, and warns that there is none.
    console.warn = ignore;
    await litert.loadLiteRt(path);
    return litert;
  } finally {
    console.warn = warn;
    page.self = before;
    delete page.importScripts;
    delete page.ModuleFactory;
    delete page.Module;
    if (before === undefined) delete page.self;
  }
}

function ignore(): void {
  // Nothing is said.
}
