/** A throw-away checkout whose tfjs-node is a copy: the rest of its packages are the real ones. */
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const realModules = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules');

function linkAll(from: string, to: string, except: readonly string[]): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (!except.includes(name)) symlinkSync(join(from, name), join(to, name));
  }
}

/**
 * Makes `folder` a checkout with everything installed but no TensorFlow runtime.
 * @returns the folder of its tfjs-node
 */
export function makeCheckout(folder: string): string {
  const modules = join(folder, 'node_modules');
  linkAll(realModules, modules, ['@tensorflow', '.lenslet', '.package-lock.json', '.vite', '.cache']);
  const packages = ['tfjs-node', 'tfjs-node-gpu'];
  linkAll(join(realModules, '@tensorflow'), join(modules, '@tensorflow'), packages);
  for (const name of packages) {
    const source = join(realModules, '@tensorflow', name);
    for (const part of readdirSync(source)) {
      if (['deps', 'lib', 'node_modules'].includes(part)) continue;
      cpSync(join(source, part), join(modules, '@tensorflow', name, part), { recursive: true });
    }
  }
  return join(modules, '@tensorflow', 'tfjs-node');
}
