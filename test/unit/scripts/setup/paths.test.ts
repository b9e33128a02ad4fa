import { describe, expect, test } from 'vitest';
import { cacheFolder } from '../../../../scripts/setup/paths.mjs';

describe('the cache folder', () => {
  test.each([
    [
      'LENSLET_CACHE wins',
      { LENSLET_CACHE: '/big/lenslet', XDG_CACHE_HOME: '/xdg' },
      'linux',
      '/big/lenslet',
    ],
    ['XDG_CACHE_HOME comes next', { XDG_CACHE_HOME: '/xdg' }, 'linux', '/xdg/lenslet'],
    ['a relative XDG_CACHE_HOME is ignored', { XDG_CACHE_HOME: 'xdg' }, 'linux', '/home/ada/.cache/lenslet'],
    ['Linux', {}, 'linux', '/home/ada/.cache/lenslet'],
    ['macOS', {}, 'darwin', '/home/ada/Library/Caches/lenslet'],
    ['Windows', { LOCALAPPDATA: '/local' }, 'win32', '/local/lenslet/Cache'],
    ['Windows without LOCALAPPDATA', {}, 'win32', '/home/ada/AppData/Local/lenslet/Cache'],
  ] as const)('%s', (_name, env, platform, folder) => {
    expect(cacheFolder(env, platform, '/home/ada')).toBe(folder);
  });
});
