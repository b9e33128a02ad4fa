// @ts-check
/** `npm run setup [-- --retry] [--gpu | --cpu] [--tests]`: everything that `npm start` would do before the app opens. */
import { parseArgs } from 'node:util';
import { main } from './setup/main.mjs';
import { createReporter, seconds } from './setup/reporter.mjs';
import { reportEngines, setUp } from './setup/set-up.mjs';

await main(async () => {
  const { values } = parseArgs({
    options: {
      retry: { type: 'boolean', default: false },
      gpu: { type: 'boolean', default: false },
      cpu: { type: 'boolean', default: false },
      tests: { type: 'boolean', default: false },
    },
  });
  const reporter = createReporter();
  const wants = { renderer: true, electron: true, chromium: values.tests };
  const ready = await setUp({ reporter, wants, asked: values, retry: values.retry });
  reportEngines(ready, reporter);
  if (ready.runtime !== null) reporter.note(`TensorFlow: ${ready.runtime}`);
  reporter.note(`Set up (${seconds(performance.now())}).`);
  return 0;
});
