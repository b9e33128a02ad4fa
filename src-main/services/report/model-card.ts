/** A run as a model card: README.md with the fields that Hugging Face reads from its front matter. */
import type { ReportFacts } from './report-facts.ts';
import { calibrationSentence, count, leakSentence, limitSentences, withInterval } from './report-words.ts';

/** A value as YAML that means nothing else: JSON's strings are YAML's. */
const yaml = (text: string): string => JSON.stringify(text);
/** A cell of a Markdown table. */
const cell = (text: string): string => text.replace(/[|\\`*_[\]<>]/g, '\\$&').replace(/\s+/g, ' ');

/**
 * Writes the card.
 * @see https://huggingface.co/docs/hub/model-cards
 */
export function modelCard(
  facts: ReportFacts,
  { software, command }: { software: string; command: string },
): string {
  const { run, recipe, test, counts, classes } = facts;
  const backbone = run.settings.backbone;
  const isPublic = backbone !== null && !/[\\/]/.test(backbone);
  const rows = classes.map(({ name, recall, precision, images }) => {
    const words = (figure: typeof recall): string =>
      figure === null ? 'not measured' : withInterval(figure.share, figure.interval);
    return `| ${cell(name)} | ${words(precision)} | ${words(recall)} | ${count(images.test)} |`;
  });
  return `---
library_name: tf-keras
pipeline_tag: image-classification
tags:
- image-classification
- lenslet
${isPublic ? `base_model: ${yaml(backbone)}\n` : ''}metrics:
- accuracy
${test === null ? '' : index(facts)}---

# ${cell(run.name)}

## Model details

${recipe.description} Trained ${run.createdAt.slice(0, 10)} with ${software}; ${count(run.params)} parameters, photos of ${run.settings.imageSize} × ${run.settings.imageSize} pixels.

Classes: ${classes.map(({ name }) => cell(name)).join(', ')}.

## Training data

${count(counts.train)} photos for training, ${count(counts.validation)} for validation, ${count(counts.test)} for the test. ${leakSentence(facts.leaks)} Data hash: \`${run.dataHash}\`.

## Evaluation

${test === null ? 'Not tested.' : `Test accuracy ${withInterval(test.accuracy, test.interval)} on ${count(test.images)} photos. ${calibrationSentence(facts) ?? ''}`}

| Class | Precision | Recall | Test photos |
|---|---|---|---|
${rows.join('\n')}

## Bias, risks and limitations

${limitSentences(facts)
  .map((sentence) => `- ${sentence}`)
  .join('\n')}

## How to train it again

\`\`\`sh
${command}
\`\`\`
`;
}

function index({ run, test }: ReportFacts): string {
  if (test === null) return '';
  return `model-index:
- name: ${yaml(run.name)}
  results:
  - task:
      type: image-classification
    dataset:
      name: own photos
      type: imagefolder
      split: test
    metrics:
    - type: accuracy
      value: ${test.accuracy.toFixed(6)}
`;
}
