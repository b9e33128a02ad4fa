import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { listRuns } from '../../../src-main/project/runs/runs.ts';
import { openProject } from '../../../src-main/project/project.ts';
import { lenslet } from '../../fixtures/command-line.ts';
import { drawShapes } from '../../fixtures/photos/shapes.ts';
import { type Campaign, everywhere, milliseconds } from '../campaign.ts';
import { historyByEpoch, lostEpochs } from '../history.ts';
import { jsonLines, killLenslet } from '../kill-lenslet.ts';
import { leftInProject } from '../left-over.ts';

const settings = ['--recipe', 'scratch', '--image-size', '48', '--batch-size', '16', '--epochs', '4'];

function epochsOf(lines: readonly Record<string, unknown>[]): Map<number, string> {
  return historyByEpoch(lines.filter(({ event }) => event === 'epoch'));
}

/** The newest run of a project that nobody has open. */
function newestRun(folder: string) {
  const project = openProject(folder);
  try {
    return listRuns(project.database).sound.at(0) ?? null;
  } finally {
    project.close();
  }
}

/** `kill -9` of a training, which is then resumed: it must end as an undisturbed one does. */
export const trainCli: Campaign = {
  id: 'train-cli',
  about: 'the command line is killed while it trains, and the run is resumed',
  unavailable: everywhere,
  async start({ folder, random }) {
    const [source, home, project] = ['photos', 'home', 'project'].map((name) => join(folder, name));
    await drawShapes(source, 40);
    const imported = await lenslet(home, 'import', source, '--project', project);
    if (imported.code !== 0) throw new Error(imported.stderr);
    const words = ['train', '--project', project, '--seed', '1', '--json', ...settings];
    const started = performance.now();
    const undisturbed = await lenslet(home, ...words);
    if (undisturbed.code !== 0) throw new Error(undisturbed.stderr);
    const duration = performance.now() - started;
    const expected = epochsOf(undisturbed.lines());
    return {
      async round() {
        const last = newestRun(project)?.id;
        const { stdout, survivors } = await killLenslet(
          home,
          words,
          milliseconds(random, duration * 0.1, duration),
        );
        const told = epochsOf(jsonLines(stdout));
        const run = newestRun(project);
        // Killed before the run began: nothing was promised, and the same command is simply given again.
        const isNew = run !== null && run.id !== last;
        const again =
          isNew && run.status !== 'done'
            ? ['train', '--project', project, '--json', '--resume', run.id]
            : words;
        const finished = isNew && run.status === 'done' ? null : await lenslet(home, ...again);
        const problems = finished === null || finished.code === 0 ? [] : [finished.stderr];
        const kept = historyByEpoch(newestRun(project)?.history ?? []);
        const leftOver = [...leftInProject(project), ...survivors];
        for (const { id } of [newestRun(project)].filter((one) => one !== null)) {
          rmSync(join(project, 'runs', id), { recursive: true, force: true });
        }
        return {
          acknowledged: told.size,
          lost: lostEpochs(told, kept),
          resumed: lostEpochs(expected, kept) === 0 ? 1 : 0,
          leftOver,
          problems,
        };
      },
      end: () => Promise.resolve(),
    };
  },
};
