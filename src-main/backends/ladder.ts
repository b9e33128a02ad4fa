/** The engines Lenslet can compute with, best first, and the choice among them. */
import { AppError } from '../contract/shared/errors.ts';
import type { Backend } from '../engine/base/backend.ts';
import { cpuCandidate } from './cpu.ts';
import { type RejectedEngine, type BackendCandidate, CandidateRejection } from './candidate.ts';
import { createTensorflowGpuCandidate } from './tensorflow-gpu.ts';
import { createTensorflowCandidate } from './tensorflow.ts';

/** Best first. Adding a candidate is adding one file and one line here. */
export const candidates: readonly BackendCandidate[] = [
  createTensorflowGpuCandidate(),
  createTensorflowCandidate(),
  cpuCandidate,
];

/** The engine to compute with, and the better ones that are not used, each with its reason. */
export interface LoadedBackend {
  readonly backend: Backend;
  readonly rejected: readonly RejectedEngine[];
}

/**
 * The candidates that `LENSLET_ENGINE` names.
 * @param wanted one id or several with commas between; empty for all
 * @throws AppError BACKEND_UNAVAILABLE for an id that is none
 */
function chosenCandidates(all: readonly BackendCandidate[], wanted: string): readonly string[] {
  const known = all.map(({ id }) => id);
  if (wanted === '') return known;
  const ids = wanted.split(',').map((id) => id.trim());
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length === 0) return ids;
  const reason = `LENSLET_ENGINE names "${unknown.join('", "')}"; there are ${known.join(', ')}`;
  throw new AppError('BACKEND_UNAVAILABLE', { reason });
}

function notAskedFor(wanted: string): CandidateRejection {
  const remedy = `Unset LENSLET_ENGINE (now "${wanted}") and do not start with --cpu.`;
  return new CandidateRejection('It was not selected.', remedy);
}

/** The reasons as the end of a sentence. */
function reasonsOf(rejected: readonly RejectedEngine[]): string {
  const texts = rejected.map(({ engine, reason, remedy }) => `${engine}: ${reason} ${remedy}`);
  return texts.join(' ').replace(/\.$/, '');
}

/**
 * Loads the first candidate that works.
 * @param all the candidates, best first
 * @param wanted value of `LENSLET_ENGINE`: only these candidates are tried
 * @throws AppError BACKEND_UNAVAILABLE with every reason when none does
 */
export async function loadBackend(
  all: readonly BackendCandidate[] = candidates,
  wanted: string = process.env.LENSLET_ENGINE ?? '',
): Promise<LoadedBackend> {
  const chosen = chosenCandidates(all, wanted);
  const rejected: RejectedEngine[] = [];
  for (const candidate of all) {
    try {
      if (!chosen.includes(candidate.id)) throw notAskedFor(wanted);
      return { backend: await candidate.load(), rejected };
    } catch (error) {
      const { reason, remedy } = CandidateRejection.from(
        error,
        'Please report this with the output of lenslet doctor.',
      );
      rejected.push({ engine: candidate.id, reason, remedy });
    }
  }
  const tried = rejected.filter(({ engine }) => chosen.includes(engine));
  throw new AppError('BACKEND_UNAVAILABLE', { reason: reasonsOf(tried) });
}
