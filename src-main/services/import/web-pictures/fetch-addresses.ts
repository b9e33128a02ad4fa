/** Pictures from several web addresses, a few at a time; each that fails has its reason, the others come all the same. */
import { AppError } from '../../../contract/shared/errors.ts';
import type { AddressState, FetchEvent } from '../../../contract/shared/web-addresses.ts';
import { Throttle } from '../../../core/jobs/throttle.ts';
import type { Project } from '../../../project/project.ts';
import { beginUpload, removeUpload } from '../../base/uploads.ts';
import type { FetchRules } from './ask-server.ts';
import { FetchBudget } from './fetch-budget.ts';
import { fetchPicture } from './fetch-picture.ts';

const parallel = 3;

/**
 * Fetches pictures into a new upload.
 * @param emit called with the state of each address when it changes, and at the end the upload
 * @throws AppError DISK_FULL, FILE_UNWRITABLE, CANCELLED; nothing is left behind then
 */
export async function fetchAddresses(
  project: Project,
  addresses: readonly string[],
  rules: FetchRules,
  emit: (event: FetchEvent) => void,
  signal: AbortSignal,
): Promise<{ upload: string; fetched: number }> {
  const upload = beginUpload(project).id;
  const budget = new FetchBudget(rules.budget);
  let next = 0;
  let fetched = 0;
  const work = async (): Promise<void> => {
    while (next < addresses.length) {
      const place = next++;
      const came = await fetchOne(project, upload, addresses[place], place, rules, budget, emit, signal);
      if (came) fetched++;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: parallel }, work));
  budget.close();
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined || fetched === 0) await removeUpload(project, upload);
  if (failed !== undefined) throw failed.reason;
  return { upload, fetched };
}

/** @returns whether it came */
async function fetchOne(
  project: Project,
  upload: string,
  address: string,
  place: number,
  rules: FetchRules,
  budget: FetchBudget,
  emit: (event: FetchEvent) => void,
  signal: AbortSignal,
): Promise<boolean> {
  let state: AddressState = { address, status: 'fetching', bytes: 0, total: null, error: null };
  const change = (part: Partial<AddressState>): void => {
    state = { ...state, ...part };
    emit({ type: 'address', place, state });
  };
  const throttle = new Throttle();
  const onProgress = (bytes: number, total: number | null): void => {
    state = { ...state, bytes, total };
    if (throttle.isDue()) change({});
  };
  change({});
  try {
    const target = { project, upload, number: place + 1 };
    await budget.within(signal, (ending) => fetchPicture(address, target, rules, budget, ending, onProgress));
    change({ status: 'fetched' });
    return true;
  } catch (thrown) {
    const error = AppError.from(thrown);
    const ofThisOne = error.code.startsWith('ADDRESS_') || error.code.startsWith('IMAGE_');
    if (signal.aborted || !ofThisOne) throw signal.aborted ? new AppError('CANCELLED') : error;
    change({ status: 'failed', error: error.toData() });
    return false;
  }
}
