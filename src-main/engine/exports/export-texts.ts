/** The files that every export has, whatever its format: class names, and a README. */
import type { ExportFormat, OutgoingModel } from './export-format.ts';

const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)}%`;

/** The files beside the model, by name. */
export function exportTexts(format: ExportFormat, outgoing: OutgoingModel): Record<string, string> {
  return {
    'labels.txt': `${outgoing.classes.join('\n')}\n`,
    'README.md': readme(format, outgoing),
    ...format.texts(outgoing),
  };
}

function readme(format: ExportFormat, outgoing: OutgoingModel): string {
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

## How it is proved

\`golden/\` holds up to ten photos of the project as the model takes them, and in \`expected.json\` what the app says of each. Before Lenslet said
that it was done, it loaded this export again and compared the two; \`export.json\` says how far they differ.

## Where it comes from

- Run ${run} of ${createdAt}, recipe ${recipe}
- Data: SHA-256 ${dataHash}
${sources(outgoing)}
`;
}

function sources({ about: { backbone } }: OutgoingModel): string {
  if (backbone === null) return '- Trained from the beginning: it holds no weights of others.';
  const { label, licence } = backbone;
  const terms = licence === null ? 'its publishers state no licence' : `under ${licence}`;
  return `- Built on ${label}, whose weights are part of it (${terms}): see \`NOTICE.txt\`, which has to go where the model goes.`;
}
