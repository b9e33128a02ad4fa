/** The part of jasmine-core 3 that the tests of tfjs-core need: its specs, run in order, with what each came to. */

interface SpecResult {
  readonly fullName: string;
  readonly status: string;
  readonly failedExpectations: readonly { readonly message: string }[];
}

interface Reporter {
  specStarted(result: SpecResult): void;
  specDone(result: SpecResult): void;
  suiteDone(result: SpecResult): void;
}

interface Environment {
  configure(options: { random: boolean; failSpecWithNoExpectations: boolean }): void;
  addReporter(reporter: Reporter): void;
  execute(specs?: null, done?: () => void): void;
}

/** What `require('jasmine-core').boot` returns. */
export interface Jasmine {
  DEFAULT_TIMEOUT_INTERVAL: number;
  getEnv(): Environment;
}

/** What the specs came to. */
export interface Outcome {
  readonly passed: number;
  readonly failed: readonly { readonly name: string; readonly message: string }[];
}

/**
 * Runs all specs that were described, in their order.
 * @param names whether to print each name before its spec runs
 */
export async function runSpecs(jasmine: Jasmine, names: boolean): Promise<Outcome> {
  jasmine.DEFAULT_TIMEOUT_INTERVAL = 60_000;
  const failed: { name: string; message: string }[] = [];
  let passed = 0;
  const keep = ({ fullName, failedExpectations }: SpecResult): void => {
    const message = failedExpectations[0]?.message.split('\n')[0] ?? '';
    failed.push({ name: fullName, message });
  };
  const environment = jasmine.getEnv();
  environment.configure({
    random: false,
    failSpecWithNoExpectations: false,
  });
  environment.addReporter({
    specStarted: ({ fullName }) => {
      if (names) console.log(fullName);
    },
    specDone: (result) => {
      if (result.status === 'passed') passed += 1;
      else if (result.status === 'failed') keep(result);
    },
    // Failures of what runs before and after all specs of a suite.
    suiteDone: (result) => {
      if (result.failedExpectations.length > 0) keep(result);
    },
  });
  await new Promise<void>((done) => environment.execute(null, done));
  return { passed, failed };
}
