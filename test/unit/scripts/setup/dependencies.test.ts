import { expect, test } from 'vitest';
import { missingPackages } from '../../../../scripts/setup/dependencies.mjs';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/vue': { version: '3.5.45' },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/@img/sharp-darwin-arm64': { version: '0.35.5', optional: true },
  },
};

function installed(versions: Record<string, string>) {
  return {
    packages: Object.fromEntries(Object.entries(versions).map(([path, version]) => [path, { version }])),
  };
}

test('an installation as locked lacks nothing, with or without other platforms’ binaries', () => {
  const present = installed({ 'node_modules/vue': '3.5.45', 'node_modules/zod': '4.6.7' });
  expect(missingPackages(wanted, present, () => true)).toEqual([]);
});

test('a package that is absent, older, or whose folder is gone, is missing', () => {
  const older = installed({ 'node_modules/vue': '3.5.44', 'node_modules/zod': '4.6.7' });
  expect(missingPackages(wanted, older, () => true)).toEqual(['node_modules/vue']);
  expect(missingPackages(wanted, installed({ 'node_modules/vue': '3.5.45' }), () => true)).toEqual([
    'node_modules/zod',
  ]);
  const present = installed({ 'node_modules/vue': '3.5.45', 'node_modules/zod': '4.6.7' });
  expect(missingPackages(wanted, present, (path) => !path.endsWith('vue'))).toEqual(['node_modules/vue']);
});
