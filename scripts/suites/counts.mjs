// @ts-check
/** Adding up what the suites report. */

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {string[]} failed names
 * @property {{ name: string, reason: string }[]} skipped
 * @property {string[]} [retried] names of those that passed only when tried again
 */

/** @typedef {{ title: string, file?: string, suites?: PlaywrightSuite[], specs?: PlaywrightSpec[] }} PlaywrightSuite */
/** @typedef {{ title: string, file: string, tests: { status: string, annotations: { type: string, description?: string }[] }[] }} PlaywrightSpec */

/** @param {PlaywrightSuite} suite @returns {PlaywrightSpec[]} */
function specsOf(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
}

/**
 * The counts in a report of Playwright's JSON reporter. A test that passed only when tried again has passed, and is
 * named.
 * @param {{ suites: PlaywrightSuite[], errors?: { message?: string }[] }} report
 * @returns {Counts}
 */
export function countPlaywright(report) {
  /** @type {Required<Counts>} */
  const counts = { passed: 0, failed: [], skipped: [], retried: [] };
  for (const spec of report.suites.flatMap(specsOf)) {
    for (const test of spec.tests) {
      const name = `${spec.file} > ${spec.title}`;
      if (test.status === 'expected' || test.status === 'flaky') counts.passed += 1;
      if (test.status === 'flaky') counts.retried.push(name);
      if (test.status === 'skipped') {
        const note = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme');
        counts.skipped.push({ name, reason: note?.description ?? '' });
      }
      if (test.status === 'unexpected') counts.failed.push(name);
    }
  }
  for (const error of report.errors ?? [])
    counts.failed.push(error.message?.split('\n')[0] ?? 'an error outside any test');
  return counts;
}

/**
 * What a suite counts for, given how its process ended: one that fails without naming a failed test, or that ran no
 * test at all, is a failure too.
 * @param {string} suite
 * @param {number} exitCode
 * @param {Counts | null} counts null when it left no report
 * @returns {Counts}
 */
export function judge(suite, exitCode, counts) {
  if (counts === null)
    return { passed: 0, failed: [`${suite} ended with ${exitCode} and left no report`], skipped: [] };
  if (counts.passed + counts.failed.length + counts.skipped.length === 0) {
    return { ...counts, failed: [`${suite} ran no test`] };
  }
  if (exitCode !== 0 && counts.failed.length === 0) {
    return { ...counts, failed: [`${suite} ended with ${exitCode} although no test failed`] };
  }
  return counts;
}

/** @param {readonly Counts[]} all */
export function total(all) {
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.flatMap(({ failed }) => failed),
    skipped: all.flatMap(({ skipped }) => skipped),
    retried: all.flatMap(({ retried = [] }) => retried),
  };
}

/**
 * The last line of `npm test`.
 * @param {Counts} counts
 */
export function summaryLine({ passed, failed, skipped }) {
  const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  return `${passed} passed, ${failed.length} failed${tail}`;
}
