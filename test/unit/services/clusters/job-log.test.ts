import { expect, test } from 'vitest';
import { JobLogReader } from '../../../../src-main/services/clusters/job-log.ts';

test('reads its own lines, however the log is cut, and passes over those of others', () => {
  const heard: unknown[] = [];
  const reader = new JobLogReader({
    onResult: (line) => heard.push(['result', line]),
    onProgress: (done) => heard.push(['progress', done]),
    onGolden: (difference, allowed) => heard.push(['golden', difference, allowed]),
    onMissing: (packages) => heard.push(['missing', packages]),
  });
  const log = [
    '2026-12-01 INFO worker.py:1 -- Connected',
    'lenslet-golden {"difference": 0.5, "allowed": 1e-4}',
    'lenslet-result {"hash": "ab"}',
    '(pid=7) lenslet-result {"hash": "of a stranger"}',
    'lenslet-progress {"done": 32, "total": 64}',
    'lenslet-progress damaged',
    'lenslet-missing ["numpy"]',
    'lenslet-else {}',
    'lenslet-result cut off',
  ].join('\n');
  for (let at = 0; at < log.length; at += 7) reader.take(log.slice(at, at + 7));
  expect(heard).toEqual([
    ['golden', 0.5, 1e-4],
    ['result', '{"hash": "ab"}'],
    ['progress', 32],
    ['progress', 0],
    ['missing', ['numpy']],
  ]);
});
