/** The files that every export has, whatever its format: class names, and a README. */
import type { ExportAccuracy } from '../../contract/app/exports.ts';
import { confidenceFile, referenceFile } from './confidence-files.ts';
import type { ExportFormat, OutgoingModel } from './export-format.ts';

const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)}%`;

/** The files beside the model, by name. */
export function exportTexts(
  format: ExportFormat,
  outgoing: OutgoingModel,
  accuracy: ExportAccuracy | null,
): Record<string, string> {
  return {
    'labels.txt': `${outgoing.classes.join('\n')}\n`,
    'README.md': readme(format, outgoing, accuracy),
    ...format.texts(outgoing),
  };
}

function readme(format: ExportFormat, outgoing: OutgoingModel, measured: ExportAccuracy | null): string {
  const { imageSize, channels, classes, about } = outgoing;
  const { name, recipe, createdAt, accuracy, lenslet, run, dataHash } = about;
  const pixels = channels === 3 ? 'RGB' : 'grey';
  const tested = accuracy === null ? 'It was not tested.' : `Its test accuracy is ${percent(accuracy)}.`;
  return `# ${name}

An image classifier of ${classes.length} classes (\`labels.txt\`, one a line, in the order of the probabilities), written
by ${lenslet} in the format ${format.label}. ${tested}

## What it takes

Photos of ${imageSize}×${imageSize} pixels, ${pixels}, values 0 to 255, \`[batch, ${imageSize}, ${imageSize}, ${channels}]\`. Turn a photo
upright, then squash it to that size, whatever its shape. Scaling of the values is done inside the model. It gives one
probability for each class.

${format.usage(outgoing).trim()}

${doubt(outgoing)}## How it is proved

\`golden/\` holds up to ten photos of the project as the model takes them, and in \`expected.json\` what the app says of each. Before Lenslet said
that it was done, it loaded this export again and compared the two; \`export.json\` says how far they differ.
${cost(measured)}
## Where it comes from

- Run ${run} of ${createdAt}, recipe ${recipe}
- Data: SHA-256 ${dataHash}
${sources(outgoing)}
`;
}

function cost(accuracy: ExportAccuracy | null): string {
  if (accuracy === null) return '';
  const { photos, run, export: exported, same } = accuracy;
  return `
Its numbers are rounded. On ${photos} photos of the project, most of them for validation, it is right on ${percent(exported)}, where the
run is right on ${percent(run)}; it gives the same answer as the run on ${percent(same)}.
`;
}

function doubt({ calibrated }: OutgoingModel): string {
  const { calibration, reference } = calibrated ?? { calibration: null, reference: null };
  if (calibration?.refusal == null) return '';
  const { keep } = calibration.refusal;
  const far =
    reference === null
      ? ''
      : ` It is refused too when the photo is farther from the training photos than that class's
\`distance\`: 1 − cosine between its features and those in \`${referenceFile}\`, the ${reference.neighbour}th nearest of them.`;
  return `## When to say "I don't know"

An answer is refused when its probability is below the \`probability\` of its class in \`${confidenceFile}\`.${far} These limits were
fitted to validation photos, so that about ${percent(keep)} of the right answers are kept. The programs here say so as \`unknown\`.

`;
}

function sources({ about: { backbone } }: OutgoingModel): string {
  if (backbone === null) return '- Trained from the beginning: it holds no weights of others.';
  const { label, licence } = backbone;
  const terms = licence === null ? 'its publishers state no licence' : `under ${licence}`;
  return `- Built on ${label}, whose weights are part of it (${terms}): see \`NOTICE.txt\`, which has to go where the model goes.`;
}
