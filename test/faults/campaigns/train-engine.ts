import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Run } from '../../../src-main/contract/app/runs.ts';
import { drawShapes } from '../../fixtures/photos/shapes.ts';
import { importInto, killLast, quick, trainingCore } from '../../fixtures/training-core.ts';
import { type Campaign, everywhere, milliseconds } from '../campaign.ts';
import { historyByEpoch, lostEpochs } from '../history.ts';
import { hasEnded, isAlive } from '../left-over.ts';

const request = { recipe: 'scratch', settings: { ...quick, seed: 1 } };

/** `kill -9` of the engine: resumed, the run must end as an undisturbed one does. */
export const trainEngine: Campaign = {
  id: 'train-engine',
  about: 'the engine process is killed while it trains, and the run is resumed with another',
  unavailable: everywhere,
  async start({ folder, random }) {
    await drawShapes(join(folder, 'photos'), 40);
    const training = await trainingCore(join(folder, 'work'));
    await importInto(training, join(folder, 'photos'));
    const over = (): Promise<Run> => training.untilStatus('done', 'failed', 'stopped', 'interrupted');
    const train = async (during: () => Promise<void>): Promise<Run> => {
      const ended = over();
      await training.client.training.start(request);
      await during();
      return ended;
    };
    const resume = async ({ id }: Run): Promise<Run> => {
      const ended = over();
      await training.client.training.resume({ run: id });
      return ended;
    };
    await train(() => Promise.resolve());
    const started = performance.now();
    const expected = historyByEpoch((await train(() => Promise.resolve())).history);
    const duration = performance.now() - started;
    return {
      async round() {
        const told = new Map<number, string>();
        let counting = true;
        const stop = training.core.context.events.on((event) => {
          if (event.type !== 'run' || !counting) return;
          for (const [epoch, figures] of historyByEpoch(event.run.history)) told.set(epoch, figures);
        });
        const engine = training.children.at(-1)!.pid!;
        const killed = await train(async () => {
          await wait(milliseconds(random, 0, duration));
          counting = false;
          if (isAlive(engine)) killLast(training);
        });
        stop();
        const run = killed.status === 'interrupted' ? await resume(killed) : killed;
        // A killed process is gone a moment after the signal, not with it.
        const leftOver = (await hasEnded(engine)) ? [] : [`engine process ${engine}`];
        const kept = historyByEpoch(run.history);
        await training.client.training.removeRun({ run: run.id });
        return {
          acknowledged: told.size,
          lost: lostEpochs(told, kept),
          resumed: run.status === 'done' && lostEpochs(expected, kept) === 0 ? 1 : 0,
          leftOver,
          problems: run.error === null ? [] : [run.error.message],
        };
      },
      end: () => training.close(),
    };
  },
};
