/** `lenslet cluster add ADDRESS | list | remove ADDRESS | status [ADDRESS]`. */
import { AppError } from '../../../../contract/shared/errors.ts';
import type { Output } from '../../output.ts';
import { type Session, withSession } from '../../session.ts';

async function add({ core }: Session, output: Output, word: string): Promise<void> {
  const { address, ray } = await core.clusters.add(word);
  output.answer({ address, ray }, `Added ${address}: Ray ${ray}.`);
}

async function remove({ core }: Session, output: Output, word: string): Promise<void> {
  const address = await core.clusters.remove(word);
  output.answer({ removed: address }, `Removed ${address}.`);
}

async function list({ core }: Session, output: Output): Promise<void> {
  const clusters = await core.clusters.list();
  if (clusters.length === 0) output.say('No clusters yet. Add one: lenslet cluster add http://HOST:8265');
  for (const { address, addedAt } of clusters) output.answer({ address, addedAt }, address);
}

async function status({ core }: Session, output: Output, word: string | undefined): Promise<void> {
  const asked = word === undefined ? (await core.clusters.list()).map(({ address }) => address) : [word];
  let first: AppError | null = null;
  for (const one of asked) {
    try {
      const { address, ray, resources } = await core.clusters.status(one);
      const parts = Object.entries(resources ?? {})
        .filter(([name]) => name === 'CPU' || name === 'GPU')
        .map(([name, [used, all]]) => `${used} of ${all} ${name} in use`);
      output.answer({ address, ray, resources }, [`${address}: Ray ${ray}`, ...parts].join(', '));
    } catch (thrown) {
      const error = AppError.from(thrown);
      first ??= error;
      const { code, message, remedy } = error.toData();
      output.answer({ address: one, error: { code, message, remedy } }, `${one}: ${message}`);
    }
  }
  if (first !== null) throw first;
}

/** @throws AppError USAGE_INVALID, CLUSTER_… */
export async function cluster(
  output: Output,
  _flags: object,
  action: string,
  word: string | undefined,
): Promise<void> {
  const usage = (detail: string): AppError => new AppError('USAGE_INVALID', { detail, command: 'cluster ' });
  if (!['add', 'list', 'remove', 'status'].includes(action))
    throw usage(`Unknown action “${action}”: add, list, remove or status`);
  if (word === undefined && (action === 'add' || action === 'remove'))
    throw usage(`Say which: lenslet cluster ${action} ADDRESS`);
  await withSession(output, async (session) => {
    if (action === 'add') return add(session, output, word!);
    if (action === 'remove') return remove(session, output, word!);
    return action === 'list' ? list(session, output) : status(session, output, word);
  });
}
