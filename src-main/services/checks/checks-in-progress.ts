/** One run of some checks. */
import { createHash } from 'node:crypto';
import type { Check, Found } from '../../analysis/checks/check.ts';
import type { CheckRun } from '../../contract/app/checks.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { Throttle } from '../../core/jobs/throttle.ts';
import { createId } from '../../core/text/ids.ts';
import { explainFailure } from '../../project/database/database-error.ts';
import { datasetFingerprint } from '../../project/edits/journal.ts';
import type { Project } from '../../project/project.ts';
import { type NewFinding, storeFindings } from '../../project/runs/findings.ts';
import type { ServiceContext } from '../base/context.ts';
import { ImportProgress } from '../import/import-progress.ts';
import { type FeatureSource, createCheckContext } from './check-context.ts';

export class ChecksInProgress {
  readonly #id = createId('checks');
  readonly #project: Project;
  readonly #checks: readonly Check[];
  readonly #features: FeatureSource;
  #publish: (state: CheckRun) => void = () => undefined;
  readonly #log: ServiceContext['log'];
  readonly #progress = new ImportProgress();
  readonly #finished: string[] = [];
  #findings = 0;
  readonly #throttle = new Throttle();

  /** @throws AppError PROJECT_NOT_OPEN */
  constructor(
    context: Pick<ServiceContext, 'project' | 'log'>,
    wanted: readonly Check[],
    features: FeatureSource,
  ) {
    this.#project = context.project();
    this.#checks = wanted;
    this.#features = features;
    this.#log = (...words) => context.log(...words);
  }

  /** How it stands. */
  state(status: CheckRun['status'] = 'running', error: AppError | null = null): CheckRun {
    return {
      id: this.#id,
      status,
      progress: this.#progress.read(),
      checks: this.#checks.map(({ id }) => id),
      finished: [...this.#finished],
      findings: this.#findings,
      error: error?.toData() ?? null,
    };
  }

  /**
   * Runs the checks one after the other. What the finished ones found is kept, however it ends.
   * @param publish called with its state, at most five times a second and at its end
   */
  async run(signal: AbortSignal, publish: (state: CheckRun) => void): Promise<CheckRun> {
    this.#publish = publish;
    try {
      await this.#all(signal);
      return this.#end('done', null);
    } catch (thrown) {
      const error = explainFailure(thrown);
      if (error.kind === 'bug') this.#log('a check failed', thrown);
      return error.kind === 'cancelled' ? this.#end('cancelled', null) : this.#end('failed', error);
    }
  }

  async #all(signal: AbortSignal): Promise<void> {
    // The caller gets its answer before anything is done.
    await new Promise(setImmediate);
    const report = (phase: string, done: number, total: number): void => this.#report(phase, done, total);
    const fingerprint = datasetFingerprint(this.#project.database);
    const context = createCheckContext({ project: this.#project, features: this.#features, signal, report });
    for (const check of this.#checks) {
      if (signal.aborted) throw new AppError('CANCELLED');
      context.phase(check.label);
      this.#report(check.label, 0, context.photos.length);
      const found = await this.#find(check, context);
      if (found !== null) {
        this.#project.identity.require();
        storeFindings(this.#project.database, check.id, fingerprint, found.map(toNewFinding(check)));
        this.#findings += found.length;
      }
      this.#finished.push(check.id);
      await new Promise(setImmediate);
    }
  }

  /** Null when the check could not run for want of features. */
  async #find(check: Check, context: ReturnType<typeof createCheckContext>): Promise<Found[] | null> {
    if (check.needsFeatures !== true) return check.find(context);
    let missing = false;
    const found = await check.find({
      ...context,
      features: async (photos) => {
        const features = await context.features(photos);
        missing = features === null;
        return features;
      },
    });
    return missing ? null : found;
  }

  #report(phase: string, done: number, total: number): void {
    this.#progress.report(phase, done, total);
    if (this.#throttle.isDue()) this.#publish(this.state());
  }

  #end(status: CheckRun['status'], error: AppError | null): CheckRun {
    const state = this.state(status, error);
    this.#publish(state);
    return state;
  }
}

function toNewFinding(check: Check): (found: Found) => NewFinding {
  return ({ message, score, photos, paths = [], severity, suggestedClassId, about = '' }) => ({
    severity: severity ?? check.severity,
    message,
    score,
    // A class with one photo more is the same finding; a group with one photo more is another.
    key: keyOf(check.id, about === '' || suggestedClassId !== undefined ? photos : [], about),
    images: photos.map(({ id }) => id),
    paths,
    suggestedClassId: suggestedClassId ?? null,
  });
}

function keyOf(check: string, photos: readonly { readonly hash: string }[], about: string): string {
  const hash = createHash('sha256').update(about);
  for (const content of photos.map((photo) => photo.hash).sort()) hash.update(content);
  return `${check}/${hash.digest('hex').slice(0, 24)}`;
}
