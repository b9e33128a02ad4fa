import type { TrainingMode } from '../../../../contract/shared/training-settings.ts';
import type { Output } from '../../output.ts';
import { withSession } from '../../session.ts';
import { settingsOf } from '../../training-flags.ts';

interface Flags {
  readonly project: string;
  readonly recipe?: string;
  readonly mode?: TrainingMode;
}

/** `lenslet find-rate --project DIR`: tries learning rates from tiny to large, a step each; nothing is kept. */
export async function findRate(output: Output, flags: Flags): Promise<void> {
  await withSession(output, async (session) => {
    await session.openProject(flags.project);
    const settings = settingsOf(flags);
    if (settings.backbone != null) await session.core.nameBackbone(settings.backbone);
    const request = { recipe: flags.recipe, mode: flags.mode, settings };
    const events = await session.client.training.findLearningRate(request, { signal: session.signal });
    for await (const event of events) {
      if (event.type === 'progress') output.progress(event.done / Math.max(1, event.total), event.phase);
      else if (event.type === 'point')
        output.answer(event, `${event.learningRate.toExponential(2)}  loss ${event.loss.toFixed(4)}`);
      else
        output.answer(
          event,
          event.suggestion === null
            ? 'The loss never fell: more photos, a larger batch or another recipe may help.'
            : `Suggested: --learning-rate ${event.suggestion.toPrecision(2)}`,
        );
    }
  });
}
