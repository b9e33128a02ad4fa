// @ts-check
/**
 * `npm test [-- --only unit,e2e]`: sets up what is missing, then runs every suite, also after one has failed; with
 * `--long` those of `npm run test:long`. The last line is `N passed, N failed` (and how many were skipped, if any).
 */
import { parseArgs } from 'node:util';
import { main } from './setup/main.mjs';
import { createReporter, seconds } from './setup/reporter.mjs';
import { reportEngines, setUp } from './setup/set-up.mjs';
import { StepFailure } from './setup/step-failure.mjs';
import { summaryLine, total } from './suites/counts.mjs';
import { longSuiteNames, needsBrowser, runSuite, suiteNames } from './suites/suites.mjs';

const reporter = createReporter();

/** @typedef {import('./suites/suites.mjs').SuiteName} SuiteName */

/**
 * @param {readonly SuiteName[]} all
 * @param {string | undefined} only names with commas between
 */
function chosenSuites(all, only) {
  if (only === undefined) return [...all];
  const asked = only.split(',');
  const unknown = asked.filter((name) => !all.some((known) => known === name));
  if (unknown.length > 0) {
    throw new StepFailure(`there is no suite "${unknown.join('", "')}"`, `Choose from: ${all.join(', ')}.`);
  }
  return all.filter((name) => asked.includes(name));
}

/**
 * What runs at the same time: lint and typecheck use one core each, the tests all of them.
 * @param {readonly SuiteName[]} names
 */
function inTurn(names) {
  const isCheck = (/** @type {SuiteName} */ name) => name === 'lint' || name === 'typecheck';
  const checks = names.filter(isCheck);
  const tests = names.filter((name) => !isCheck(name)).map((name) => [name]);
  return checks.length > 0 ? [checks, ...tests] : tests;
}

await main(async () => {
  const { values } = parseArgs({ options: { only: { type: 'string' }, long: { type: 'boolean' } } });
  const names = chosenSuites(values.long === true ? longSuiteNames : suiteNames, values.only);
  const browser = names.some(needsBrowser);
  const ready = await setUp({ reporter, wants: { renderer: browser, chromium: browser } });
  reportEngines(ready, reporter);
  let ended = false;
  process.on('SIGTERM', () => (ended = true));
  const all = [];
  for (const group of inTurn(names)) {
    if (ended) break;
    reporter.note(`\n── ${group.join(', ')} ──`);
    const run = async (/** @type {SuiteName} */ name) => {
      const started = performance.now();
      const counts = await runSuite(name, ready);
      reporter.note(`── ${name}: ${summaryLine(counts)}, ${seconds(performance.now() - started)} ──`);
      return counts;
    };
    all.push(...(await Promise.all(group.map(run))));
  }
  const counts = total(all);
  reporter.note('');
  for (const { name, reason } of counts.skipped)
    reporter.note(`skipped: ${name} (${reason || 'no reason given'})`);
  for (const name of counts.retried) reporter.note(`passed only when tried again: ${name}`);
  for (const name of counts.failed) reporter.note(`failed: ${name}`);
  reporter.note(summaryLine(counts));
  return counts.failed.length === 0 && !ended ? 0 : 1;
});
