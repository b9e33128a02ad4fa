import type { Calibration } from '../../../contract/shared/calibration.ts';
import { whyUnfitted } from '../../../contract/shared/unfitted.ts';
import type { Output } from '../output.ts';
import { resolveRun } from '../run-reference.ts';
import { withSession } from '../session.ts';
import { count, percent, table } from '../text.ts';

function temperatureLines({ temperature, whyNoTemperature, before, after, images }: Calibration): string[] {
  if (temperature === null || before === null || after === null)
    return whyNoTemperature === null ? [] : [`No temperature: ${whyUnfitted(whyNoTemperature)}`];
  return [
    `Temperature ${temperature.toFixed(3)}, fitted to ${count(images)} validation photos`,
    table([
      ['', 'calibration error', 'negative log likelihood'],
      ['before', percent(before.calibrationError), before.loss.toFixed(4)],
      ['after', percent(after.calibrationError), after.loss.toFixed(4)],
    ]),
  ];
}

function limitLines({ refusal, whyNoRefusal }: Calibration, classes: readonly string[]): string[] {
  if (refusal === null) return whyNoRefusal === null ? [] : [`No limits: ${whyUnfitted(whyNoRefusal)}`];
  const rows = refusal.classes.map(({ probability, distance, photos, own }, index) => [
    classes[index],
    percent(probability),
    distance === null ? '–' : distance.toFixed(3),
    own ? count(photos) : `${count(photos)}, too few: limits of all classes`,
  ]);
  const wrong =
    refusal.wrongRefused === null ? '' : `, ${percent(refusal.wrongRefused)} of the wrong ones refused`;
  return [
    `“I don’t know”: ${percent(refusal.kept)} of the right answers kept${wrong}`,
    table([['class', 'least probability', 'greatest distance', 'right answers'], ...rows]),
  ];
}

/** `lenslet calibrate RUN [--keep 0.95]`. */
export async function calibrate(
  output: Output,
  { project: given, keep }: { project?: string; keep?: number },
  word: string,
): Promise<void> {
  const { project, run } = resolveRun(word, given);
  await withSession(output, async (session) => {
    await session.openProject(project);
    output.progress(Number.NaN, 'fitting to the validation photos');
    const calibration = await session.client.training.calibrate({ run, keep });
    const { classes } = await session.client.training.run({ run });
    const lines = [...temperatureLines(calibration), ...limitLines(calibration, classes)];
    output.answer({ run, classes, ...calibration }, lines.join('\n'));
  });
}
