import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { cacheFolder } from '../../../../scripts/setup/paths.mjs';
import { sharedBackboneFolders } from '../../../../src-main/hosts/node/places.ts';

afterEach(() => vi.unstubAllEnvs());

it.each<Record<string, string>>([
  { LENSLET_CACHE: '/big/lenslet' },
  { LENSLET_CACHE: 'here' },
  { LENSLET_CACHE: '', XDG_CACHE_HOME: '/xdg' },
])('networks are looked for where set-up puts them (%j)', (env) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  expect(sharedBackboneFolders()).toEqual([join(cacheFolder(), 'backbones')]);
});
