import type { Evaluation } from '../../../contract/app/runs.ts';
import type { Split } from '../../../contract/shared/vocabulary.ts';
import type { Output } from '../output.ts';
import { resolveRun } from '../run-reference.ts';
import { withSession } from '../session.ts';
import { count, percent, table } from '../text.ts';

function report(evaluation: Evaluation): string {
  const perClass = evaluation.classes.map(({ name, precision, recall, support }) => [
    name,
    percent(precision),
    recall === null ? 'not measured' : percent(recall),
    count(support),
  ]);
  const names = evaluation.classes.map(({ name }) => name);
  const matrix = evaluation.confusionMatrix.map((row, i) => [names[i], ...row.map(count)]);
  return [
    `${evaluation.split}: ${count(evaluation.images)} images, accuracy ${percent(evaluation.accuracy)}, ` +
      `loss ${evaluation.loss.toFixed(4)}`,
    ...calibrated(evaluation),
    '',
    table([['class', 'precision', 'recall', 'images'], ...perClass]),
    '',
    'Confusion matrix (rows: true class, columns: predicted)',
    table([['', ...names], ...matrix]),
  ].join('\n');
}

function calibrated({ temperature, reliability }: Evaluation): string[] {
  if (reliability === null) return [];
  const { before, after } = reliability;
  const now = `calibration error ${percent(after.calibrationError)}`;
  if (temperature === null) return [now];
  return [
    `${now} with a temperature of ${temperature.toFixed(3)}, ${percent(before.calibrationError)} without`,
  ];
}

/** `lenslet evaluate RUN [--split test]`. */
export async function evaluate(
  output: Output,
  flags: { project?: string; split: Split },
  word: string,
): Promise<void> {
  const { project, run } = resolveRun(word, flags.project);
  await withSession(output, async (session) => {
    await session.openProject(project);
    output.progress(Number.NaN, `evaluating on the ${flags.split} images`);
    const evaluation = await session.client.training.evaluate({ run, split: flags.split });
    if (flags.split === 'test' && evaluation.uses > 1) {
      output.say(
        `The test images have now been used ${evaluation.uses} times for this run: choosing by them makes them lie.`,
      );
    }
    output.answer({ run, ...evaluation }, report(evaluation));
  });
}
