// @ts-check

/** A set-up step that could not be done, in words a user can act on. */
export class StepFailure extends Error {
  /**
   * @param {string} reason what happened, one sentence without the full stop
   * @param {string} remedy what would make it work
   * @param {unknown} [cause]
   */
  constructor(reason, remedy, cause) {
    super(reason);
    this.name = 'StepFailure';
    this.reason = reason;
    this.remedy = remedy;
    this.cause = cause;
    /** Whether a step's line has told it already. */
    this.told = false;
    /** Whether another way of doing the step would fail as well. */
    this.isDiskFull = false;
  }

  /** @param {string} [remedy] @param {unknown} [cause] */
  static diskFull(remedy = 'Free some space, or set LENSLET_CACHE to another disk.', cause) {
    const failure = new StepFailure('the disk is full', remedy, cause);
    failure.isDiskFull = true;
    return failure;
  }

  /**
   * Any thrown value as a StepFailure; a full or read-only disk is told as that.
   * @param {unknown} thrown
   * @param {string} remedy for errors that are nothing special
   */
  static from(thrown, remedy) {
    if (thrown instanceof StepFailure) return thrown;
    const error = /** @type {NodeJS.ErrnoException} */ (
      thrown instanceof Error ? thrown : new Error(String(thrown))
    );
    if (error.code === 'ENOSPC') {
      return StepFailure.diskFull('Free some space and try again.', error);
    }
    if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(error.code ?? '')) {
      const place = error.path ?? 'a folder';
      return new StepFailure(
        `${place} cannot be written`,
        'Check its permissions, or set LENSLET_CACHE.',
        error,
      );
    }
    return new StepFailure(error.message, remedy, error);
  }
}
