// @ts-check
/** A failure is kept for a day, so that a machine without a way to a host is not made to wait at every start. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StepFailure } from './step-failure.mjs';

const KEPT_FOR = 24 * 60 * 60 * 1000;

/**
 * The failure of an earlier try, when it is recent and nothing has changed since.
 * @param {string} file
 * @param {string} conditions what the result depends on; another text than last time means "try again"
 * @param {number} now
 * @returns {StepFailure | null}
 */
export function recallFailure(file, conditions, now = Date.now()) {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8'));
    const age = now - kept.at;
    if (kept.conditions !== conditions || age > KEPT_FOR || age < 0) return null;
    return new StepFailure(kept.reason, kept.remedy);
  } catch {
    return null;
  }
}

/**
 * @param {string} file
 * @param {string} conditions
 * @param {StepFailure} failure
 */
export function rememberFailure(file, conditions, failure) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}`;
    const { reason, remedy } = failure;
    writeFileSync(temporary, JSON.stringify({ at: Date.now(), conditions, reason, remedy }));
    renameSync(temporary, file);
  } catch {
    // Not remembered: the next start tries again, which is only slower.
  }
}

/** @param {string} file */
export function forgetFailure(file) {
  try {
    rmSync(file, { force: true });
  } catch {
    // In a folder that cannot be written nothing was remembered either.
  }
}
