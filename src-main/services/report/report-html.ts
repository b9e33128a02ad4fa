/** A report as one HTML file: no script, no request, readable in print and without colour. */
import type { Epoch } from '../../contract/app/runs.ts';
import type { PhotoFacts, ReportFacts } from './report-facts.ts';
import {
  calibrationSentence,
  count,
  leakSentence,
  limitSentences,
  percent,
  withInterval,
} from './report-words.ts';

/** Pictures of a photo as data addresses; the heatmap is null where there is none. */
export interface PhotoPictures {
  readonly photo: string;
  readonly heatmap: string | null;
}

/** What is around the facts. */
export interface ReportSurroundings {
  readonly software: string;
  /** ISO 8601. */
  readonly writtenAt: string;
  readonly command: string;
  readonly pictures: ReadonlyMap<number, PhotoPictures>;
}

/** Classes of which the matrix is written out; of more, the worst pairs are listed. */
const maxMatrix = 20;
const maxPairs = 20;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Text as it stands in HTML. Names of classes and files come from anywhere. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign]);
const e = escapeHtml;

/** Writes the report. */
export function reportHtml(facts: ReportFacts, around: ReportSurroundings): string {
  const { run } = facts;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${e(run.name)}: report</title>
<style>${style}</style>
</head>
<body>
<header><h1>${e(run.name)}</h1>
<p>${e(facts.recipe.label)}, trained ${e(run.createdAt.slice(0, 10))}. Report written ${e(around.writtenAt.slice(0, 10))} by ${e(around.software)}.</p></header>
${headline(facts)}
${dataSection(facts)}
${recipeSection(facts, around)}
${curvesSection(run.history)}
${classSection(facts)}
${matrixSection(facts)}
${photoSection('Surest mistakes', facts.worst, around)}
${photoSection('Surest right answers', facts.best, around)}
<section><h2>Limits</h2><ul>${limitSentences(facts)
    .map((sentence) => `<li>${e(sentence)}</li>`)
    .join('')}</ul></section>
${settingsSection(facts)}
</body>
</html>
`;
}

function headline(facts: ReportFacts): string {
  const { test, validation } = facts;
  const calibration = calibrationSentence(facts);
  if (test === null) return '<section><h2>Result</h2><p>The run has not been tested.</p></section>';
  const rows = [
    ['Test accuracy', withInterval(test.accuracy, test.interval), count(test.images)],
    ...(validation === null
      ? []
      : [
          [
            'Validation accuracy',
            withInterval(validation.accuracy, validation.interval),
            count(validation.images),
          ],
        ]),
  ];
  return `<section><h2>Result</h2>${table(['', 'Share named correctly', 'Photos'], rows)}
<p>Test loss ${test.loss.toFixed(4)}. Intervals are Wilson’s, at 95%. ${e(calibration ?? '')}</p></section>`;
}

function dataSection({ counts, classes, sources, leaks, run }: ReportFacts): string {
  const rows = classes.map(({ name, images }) => [
    name,
    count(images.train),
    count(images.validation),
    count(images.test),
  ]);
  rows.push(['All', count(counts.train), count(counts.validation), count(counts.test)]);
  return `<section><h2>Data and split</h2>
<p>From ${sources.length === 0 ? 'photos of the project' : sources.map((name) => `<b>${e(name)}</b>`).join(', ')}. ${e(leakSentence(leaks))}</p>
${table(['Class', 'Training', 'Validation', 'Test'], rows)}
<p>Data hash (contents, classes and splits): <code>${e(run.dataHash)}</code></p></section>`;
}

function recipeSection({ recipe, run }: ReportFacts, { command }: ReportSurroundings): string {
  return `<section><h2>How it was trained</h2><p>${e(recipe.description)}</p>
${table(
  ['', ''],
  [
    ['Recipe', recipe.label],
    ['Parameters', count(run.params)],
    ['Epochs', count(run.history.length)],
    ['Time', `${run.seconds.toFixed(1)} s`],
    ['Engine', `${run.engine}, ${run.device}`],
  ],
)}
<p>To train the same again on the same photos:</p><pre>${e(command)}</pre></section>`;
}

/** Curves of loss and accuracy; none for a head that was solved for. */
function curvesSection(history: readonly Epoch[]): string {
  if (history.length < 2) return '';
  const charts = (['accuracy', 'loss'] as const).map((quantity) => {
    const [own, validation] =
      quantity === 'accuracy' ? (['accuracy', 'valAccuracy'] as const) : (['loss', 'valLoss'] as const);
    return chart(quantity, [
      { name: 'training', dash: '', values: history.map((epoch) => epoch[own]) },
      { name: 'validation', dash: '6 4', values: history.map((epoch) => epoch[validation]) },
    ]);
  });
  return `<section><h2>Curves</h2><div class="pair">${charts.join('')}</div>
<p>Solid: training. Dashed: validation. Across: epochs, 1 to ${count(history.length)}.</p></section>`;
}

interface Line {
  readonly name: string;
  readonly dash: string;
  readonly values: readonly (number | null)[];
}

function chart(title: string, lines: readonly Line[]): string {
  const all = lines
    .flatMap(({ values }) => values)
    .filter((value) => value !== null && Number.isFinite(value));
  const [low, high] = [Math.min(...(all as number[])), Math.max(...(all as number[]))];
  const span = high - low || 1;
  const drawn = lines.map(({ values, dash, name }) => {
    const points = values.flatMap((value, at) =>
      value === null || !Number.isFinite(value)
        ? []
        : [
            `${(40 + (270 * at) / Math.max(1, values.length - 1)).toFixed(1)},${(150 - (130 * (value - low)) / span).toFixed(1)}`,
          ],
    );
    return `<polyline fill="none" stroke="#000" stroke-width="1.5" stroke-dasharray="${dash}" points="${points.join(' ')}"><title>${name}</title></polyline>`;
  });
  return `<figure><svg viewBox="0 0 320 170" role="img" aria-label="${title}"><line x1="40" y1="150" x2="310" y2="150" stroke="#888"/><line x1="40" y1="20" x2="40" y2="150" stroke="#888"/>
<text x="36" y="24" text-anchor="end">${high.toPrecision(3)}</text><text x="36" y="150" text-anchor="end">${low.toPrecision(3)}</text>${drawn.join('')}</svg><figcaption>${title}</figcaption></figure>`;
}

function classSection({ classes, test }: ReportFacts): string {
  if (test === null) return '';
  const words = (figure: ReportFacts['classes'][number]['recall']): string =>
    figure === null ? 'not measured' : withInterval(figure.share, figure.interval);
  const rows = classes.map(({ name, precision, recall, images }) => [
    name,
    words(precision),
    words(recall),
    count(images.test),
  ]);
  return `<section><h2>Class by class, test photos</h2>${table(['Class', 'Precision', 'Recall', 'Photos'], rows)}</section>`;
}

function matrixSection({ test }: ReportFacts): string {
  if (test === null) return '';
  const names = test.classes.map(({ name }) => name);
  if (names.length <= maxMatrix) {
    const rows = test.confusionMatrix.map((row, at) => [names[at], ...row.map(count)]);
    return `<section><h2>Confusion matrix</h2><p>Rows: true class. Columns: predicted class.</p>${table(['', ...names], rows, true)}</section>`;
  }
  const pairs = test.confusionMatrix
    .flatMap((row, truth) =>
      row.flatMap((images, said) => (truth === said || images === 0 ? [] : [{ truth, said, images }])),
    )
    .sort((a, b) => b.images - a.images)
    .slice(0, maxPairs);
  const rows = pairs.map(({ truth, said, images }) => [names[truth], names[said], count(images)]);
  return `<section><h2>Most frequent confusions</h2>${table(['True class', 'Predicted', 'Photos'], rows)}</section>`;
}

function photoSection(
  title: string,
  photos: readonly PhotoFacts[],
  { pictures }: ReportSurroundings,
): string {
  const shown = photos.flatMap((photo) => {
    const found = pictures.get(photo.id);
    return found === undefined ? [] : [{ photo, found }];
  });
  if (shown.length === 0) return '';
  const figures = shown.map(({ photo, found }) => {
    const name = photo.path.split('/').at(-1) ?? '';
    const heatmap = found.heatmap === null ? '' : `<img alt="Heatmap of ${e(name)}" src="${found.heatmap}">`;
    return `<figure><img alt="${e(name)}" src="${found.photo}">${heatmap}<figcaption>${e(name)}: ${e(photo.label)}, predicted ${e(photo.said)} ${percent(photo.probability)}</figcaption></figure>`;
  });
  return `<section><h2>${title}</h2><div class="photos">${figures.join('')}</div>
<p>Right of each photo: where the network found what speaks for its prediction (Grad-CAM), brighter for more.</p></section>`;
}

function settingsSection({ run }: ReportFacts): string {
  const rows = Object.entries(run.settings).map(([name, value]) => [name, JSON.stringify(value)]);
  return `<section><h2>All settings</h2>${table(['Setting', 'Value'], rows)}</section>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[], markDiagonal = false): string {
  const heading = head.some((text) => text !== '')
    ? `<thead><tr>${head.map((text) => `<th scope="col">${e(text)}</th>`).join('')}</tr></thead>`
    : '';
  const body = rows.map(
    ([first, ...cells], row) =>
      `<tr><th scope="row">${e(first)}</th>${cells
        .map((cell, at) => `<td${markDiagonal && at === row ? ' class="right"' : ''}>${e(cell)}</td>`)
        .join('')}</tr>`,
  );
  return `<div class="wide"><table>${heading}<tbody>${body.join('')}</tbody></table></div>`;
}

const style = `
body{font:15px/1.5 system-ui,sans-serif;color:#111;background:#fff;max-width:52rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem;border-bottom:1px solid #999}
header p{margin:.2rem 0;color:#444}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #ddd}th:first-child{text-align:left}
th{font-weight:600}td.right{font-weight:700;outline:1px solid #111}.wide{overflow-x:auto}
code,pre{font-size:.85rem;word-break:break-all;white-space:pre-wrap}pre{border:1px solid #999;padding:.6rem}
svg{width:100%}svg text{font-size:11px}.pair{display:flex;gap:1rem}.pair figure{flex:1;margin:0}
.photos{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:1rem}.photos figure{margin:0}
.photos img{width:49%;vertical-align:top}figcaption{font-size:.85rem;color:#333}
section{break-inside:auto}figure,tr{break-inside:avoid}h2{break-after:avoid}
@media print{body{margin:0;max-width:none;font-size:11pt}}`;
