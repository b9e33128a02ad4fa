import { describe, expect, test } from 'vitest';
import { countPlaywright, judge, summaryLine, total } from '../../../../scripts/suites/counts.mjs';

describe('what a suite counts for', () => {
  const passed = { passed: 3, failed: [], skipped: [] };

  test('a suite that passed counts as it is', () => expect(judge('unit', 0, passed)).toEqual(passed));

  test.each([
    ['died before it could report', 1, null, ['unit ended with 1 and left no report']],
    ['ran nothing', 0, { passed: 0, failed: [], skipped: [] }, ['unit ran no test']],
    ['failed outside its tests', 1, passed, ['unit ended with 1 although no test failed']],
  ] as const)('one that %s is a failure', (_name, code, counts, failed) => {
    expect(judge('unit', code, counts as Parameters<typeof judge>[2]).failed).toEqual(failed);
  });
});

test('Playwright’s report: tests that passed only when tried again are named, skipped ones keep their reason', () => {
  const spec = (
    title: string,
    status: string,
    annotations: { type: string; description?: string }[] = [],
  ) => ({
    title,
    file: 'app.spec.ts',
    tests: [{ status, annotations }],
  });
  const report = {
    suites: [
      {
        title: 'app.spec.ts',
        specs: [spec('opens', 'expected'), spec('trains', 'unexpected')],
        suites: [
          {
            title: 'electron',
            specs: [
              spec('window', 'skipped', [{ type: 'skip', description: 'no binary' }]),
              spec('drops', 'flaky'),
            ],
          },
        ],
      },
    ],
  };
  expect(countPlaywright(report)).toEqual({
    passed: 2,
    failed: ['app.spec.ts > trains'],
    skipped: [{ name: 'app.spec.ts > window', reason: 'no binary' }],
    retried: ['app.spec.ts > drops'],
  });
});

test('the last line adds everything up and names skipped tests only when there are any', () => {
  const all = total([
    { passed: 2, failed: ['a'], skipped: [] },
    { passed: 1, failed: [], skipped: [{ name: 'b', reason: 'no GPU' }] },
  ]);
  expect(summaryLine(all)).toBe('3 passed, 1 failed, 1 skipped');
  expect(summaryLine({ passed: 3, failed: [], skipped: [] })).toBe('3 passed, 0 failed');
});
