import type { Output } from '../../output.ts';
import { withSession } from '../../session.ts';

interface Flags {
  readonly project: string;
  readonly times: number;
}

async function step(output: Output, { project, times }: Flags, how: 'undo' | 'redo'): Promise<void> {
  await withSession(output, async (session) => {
    await session.openProject(project);
    const { labels } = session.client;
    let done = 0;
    for (; done < times; done++) {
      const state = await labels.journalState();
      if (state[how] === null) break;
      const { entry } = await labels[how]();
      const sentence = entry?.sentence ?? '';
      output.answer({ [how]: sentence }, `${how === 'undo' ? 'Undone' : 'Done again'}: ${sentence}`);
    }
    if (done === 0) output.answer({ [how]: null }, `There is nothing to ${how}.`);
  });
}

/** `lenslet undo --project DIR [--times N]`: takes back the last edits of labels, classes, splits and findings. */
export const undo = (output: Output, flags: Flags): Promise<void> => step(output, flags, 'undo');

/** `lenslet redo --project DIR [--times N]`: does again what was undone last. */
export const redo = (output: Output, flags: Flags): Promise<void> => step(output, flags, 'redo');
