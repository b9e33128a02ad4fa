import { expect, test } from 'vitest';
import { modelCard } from '../../../../src-main/services/report/model-card.ts';
import { repeatCommand } from '../../../../src-main/services/report/repeat-command.ts';
import type { ReportFacts } from '../../../../src-main/services/report/report-facts.ts';
import { reportHtml } from '../../../../src-main/services/report/report-html.ts';
import { makeHistory, makeRun } from '../../../fixtures/make-run.ts';

const hostile = '<img src=x onerror=alert(1)> & "cats" | `x`';

function facts(classes: number): ReportFacts {
  const names = Array.from({ length: classes }, (_, at) => (at === 0 ? hostile : `class ${at}`));
  const history = makeHistory([{ name: 'training', losses: [0.7, 0.5, 0.4] }]);
  const matrix = names.map((_, i) => names.map((_, j) => (i === j ? 8 : j === i + 1 ? 2 : 0)));
  return {
    run: makeRun({ id: 'a', history }),
    recipe: { label: 'From scratch', description: 'Four convolutions.' },
    sources: ['Photos'],
    counts: { train: 100, validation: 20, test: 10 * classes },
    classes: names.map((name, at) => ({
      name,
      images: { train: 5, validation: 1, test: at === 1 ? 0 : 10 },
      precision: { share: 0.8, interval: [0.5, 0.95] },
      recall: at === 1 ? null : { share: 0.8, interval: [0.49, 0.943] },
    })),
    test: {
      split: 'test',
      images: 10 * classes,
      loss: 0.5,
      accuracy: 0.8,
      interval: [0.6, 0.9],
      uses: 2,
      temperature: 1.5,
      calibrationError: 0.02,
      reliability: {
        before: { loss: 0.6, calibrationError: 0.09 },
        after: { loss: 0.5, calibrationError: 0.02 },
      },
      classes: names.map((name) => ({ name, precision: 0.8, recall: 0.8, support: 10 })),
      confusionMatrix: matrix,
    },
    validation: null,
    leaks: 3,
    best: [],
    worst: [{ id: 1, path: `a/${hostile}.jpg`, label: hostile, said: 'class 1', probability: 0.9 }],
  };
}
const around = {
  software: 'Lenslet 1',
  writtenAt: '2026-12-01T00:00:00Z',
  command: 'lenslet train --recipe scratch',
  pictures: new Map([[1, { photo: 'data:image/png;base64,AA', heatmap: null }]]),
};

test('lets no name become part of the page, and asks for nothing outside of it', () => {
  const html = reportHtml(facts(3), around);
  expect(html).not.toContain('<img src=x');
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;cats&quot;');
  expect(html).not.toMatch(/<script|https?:\/\//);
  expect(html).toContain("default-src 'none'");
});

test('says what was measured with intervals, what was not, and what to beware of', () => {
  const html = reportHtml(facts(3), around);
  expect(html).toContain('80.0% (95%: 60.0–90.0%)');
  expect(html).toContain('not measured');
  expect(html).toContain('off by 2.0% on average');
  expect(html).toContain('9.0% before scores were divided by the temperature 1.50');
  expect(html).toContain('3 test photos are copies or near-duplicates of training photos');
  expect(html).toContain('The test photos were used 2 times');
  expect(html).toContain('lenslet train --recipe scratch');
  // Curves differ without colour.
  expect(html).toContain('stroke-dasharray="6 4"');
  expect(html).toContain('<h2>Confusion matrix</h2>');
  expect(reportHtml(facts(30), around)).toContain('<h2>Most frequent confusions</h2>');
});

test('writes a model card whose front matter stays YAML whatever things are called', () => {
  const one = facts(2);
  const card = modelCard({ ...one, run: { ...one.run, name: 'a: "b"\n---\n# no' } }, around);
  const [, matter] = card.split(/^---$/m);
  expect(matter).toContain('- name: "a: \\"b\\"\\n---\\n# no"');
  expect(matter).toMatch(/^pipeline_tag: image-classification$/m);
  expect(matter).toMatch(/^ {4}- type: accuracy\n {6}value: 0\.800000$/m);
  expect(card).toContain('\\<img src=x onerror=alert(1)\\> & "cats" \\| \\`x\\`');
});

test('gives the command that trains the same again, without paths of this computer', () => {
  const run = makeRun({ settings: { backbone: '/home/ann/net/model.json', dropout: 0.5 } });
  const command = repeatCommand(run, ['epochs', 'backbone', 'dropout']);
  expect(command).toBe('lenslet train --project PROJECT --recipe scratch --epochs 10 --dropout 0.5 --seed 1');
});
