import { expect, test } from 'vitest';
import { hasDisplay, readStartArguments } from '../../../../scripts/app/open-app.mjs';

test('set-up takes its options and leaves the rest to the app', () => {
  const read = readStartArguments(['--no-open', '--port', '4100', '--gpu', '--retry', '--project', '/p']);
  expect(read).toEqual({
    asked: { gpu: true, cpu: false },
    retry: true,
    server: true,
    rest: ['--no-open', '--port', '4100', '--project', '/p'],
  });
});

test.each([
  [['--port=0'], true],
  [['--no-open'], true],
  [[], false],
  [['--cpu'], false],
])('%j means a server without a window: %s', (args, server) => {
  expect(readStartArguments(args).server).toBe(server);
});

test('a window needs a display under Linux only', () => {
  expect(hasDisplay({}, 'linux')).toBe(false);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'darwin')).toBe(true);
});
