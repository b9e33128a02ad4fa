// @ts-check
import { writeFileSync } from 'node:fs';

/**
 * A Vitest reporter that writes what `npm test` adds up, with the reasons of skipped tests, which Vitest's own JSON
 * leaves out. The file's name comes in `LENSLET_COUNTS_FILE`. Long tests in a run without them, and the others in a run
 * of the long ones (`LENSLET_LONG`), do not count as skipped.
 */
export default class CountsReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const long = process.env.LENSLET_LONG === '1';
    /** @type {import('./counts.mjs').Counts} */
    const counts = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        if (test.tags.includes('long') !== long) continue;
        const result = test.result();
        const name = `${module.relativeModuleId} > ${test.fullName}`;
        if (result.state === 'passed') counts.passed += 1;
        else if (result.state === 'skipped') counts.skipped.push({ name, reason: result.note ?? '' });
        else counts.failed.push(name);
      }
      if (module.errors().length > 0) counts.failed.push(`${module.relativeModuleId} (the file itself)`);
    }
    counts.failed.push(...unhandledErrors.map(outsideAnyTest));
    writeFileSync(process.env.LENSLET_COUNTS_FILE ?? '', JSON.stringify(counts));
  }
}

/**
 * An error that no test awaited: what it says and where it came from, which is all there is to find it by.
 * @param {unknown} error as Vitest passes it between processes
 */
function outsideAnyTest(error) {
  /** @type {{ name?: string, message?: string, stack?: string, type?: string, VITEST_TEST_PATH?: string }} */
  const { name, message, stack, type, VITEST_TEST_PATH: file } = Object(error);
  const frames = (stack ?? '')
    .split('\n')
    .filter((line) => /^\s*at /.test(line))
    .slice(0, 4)
    .map((line) => line.trim());
  return [
    `outside any test: ${type ?? name ?? 'error'}: ${message ?? String(error)}`,
    ...(file === undefined ? [] : [`while ${file} ran`]),
    ...frames,
  ].join(' | ');
}
