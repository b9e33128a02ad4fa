// @ts-check
/**
 * `npm test [-- --only unit,e2e]`: sets up what is missing, then runs every suite, also after one has failed. The
 * last line is `N passed, N failed` (and how many were skipped, if any).
 */
import { parseArgs } from 'node:util';
import { main } from './setup/main.mjs';
import { createReporter, seconds } from './setup/reporter.mjs';
import { reportEngines, setUp } from './setup/set-up.mjs';
import { StepFailure } from './setup/step-failure.mjs';
import { summaryLine, total } from './suites/counts.mjs';
import { runSuite, suiteNames } from './suites/suites.mjs';

const reporter = createReporter();

/** @param {string | undefined} only */
function chosenSuites(only) {
  if (only === undefined) return [...suiteNames];
  const asked = only.split(',');
  const unknown = asked.filter((name) => !suiteNames.some((known) => known === name));
  if (unknown.length > 0) {
    throw new StepFailure(
      `there is no suite "${unknown.join('", "')}"`,
      `Choose from: ${suiteNames.join(', ')}.`,
    );
  }
  return suiteNames.filter((name) => asked.includes(name));
}

await main(async () => {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const names = chosenSuites(values.only);
  const browser = names.includes('e2e');
  const ready = await setUp({ reporter, wants: { renderer: browser, chromium: browser } });
  reportEngines(ready, reporter);
  let ended = false;
  process.on('SIGTERM', () => (ended = true));
  const all = [];
  for (const name of names) {
    if (ended) break;
    reporter.note(`\n── ${name} ──`);
    const started = performance.now();
    const counts = await runSuite(name, ready);
    reporter.note(`── ${name}: ${summaryLine(counts)}, ${seconds(performance.now() - started)} ──`);
    all.push(counts);
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
