import { confidenceFile, referenceFile } from '../../engine/exports/confidence-files.ts';
import type { ExportFormat } from '../../engine/exports/export-format.ts';
import { DataType, GraphNodes } from '../../engine/graph/graph-nodes.ts';
import { writeTfjsModel } from '../../engine/graph/tfjs-model.ts';
import { graphInput, writeGraph } from '../../engine/graph/write-graph.ts';
import { lowerNetwork } from '../../engine/lowering/lower-network.ts';
import { loadGraph, reopenedGraph } from './graph-file.ts';
import { pageHtml, pageIcon, pageManifest, pageStyle } from './page/page-html.ts';
import { pageScript, serviceWorker } from './page/page-script.ts';

const weightsFile = 'weights.bin';

/** What the page needs when there is no network, besides what distances are measured to. */
const kept = [
  './',
  'index.html',
  'style.css',
  'app.js',
  'tf.min.js',
  'model.json',
  weightsFile,
  'labels.txt',
  'export.json',
  confidenceFile,
  'icon.svg',
  'manifest.webmanifest',
];

/** A page for browsers on computers and phones. */
export const tfjsPage: ExportFormat = {
  id: 'tfjs-page',
  label: 'Web page',
  purpose:
    'For browsers on computers and phones: a page with camera and drop that works offline and can be installed, and its TensorFlow.js model.',
  tolerance: 1e-4,
  async write(outgoing, { tf, storage }) {
    const network = lowerNetwork(outgoing.model, outgoing, 'TensorFlow.js');
    const graph = new GraphNodes();
    const pixels = graph.placeholder(graphInput, DataType.DT_INT32, [-1, ...network.imageShape]);
    const layers = writeGraph(graph, network, pixels, DataType.DT_INT32);
    const { classes, about } = outgoing;
    const written = writeTfjsModel(graph, network.imageShape, classes.length, {
      generatedBy: about.lenslet,
      metadata: { labels: classes, lenslet: about },
      weightsFile,
    });
    await storage.write('model.json', new TextEncoder().encode(written.description));
    await storage.write(weightsFile, written.weights);
    return async () => {
      const description = new TextDecoder().decode((await storage.read('model.json'))!);
      const model = await loadGraph(tf, description, (await storage.read(weightsFile))!);
      return reopenedGraph(tf, model, outgoing, layers);
    };
  },
  texts: (outgoing) => ({
    'index.html': pageHtml(outgoing),
    'style.css': pageStyle,
    'app.js': pageScript,
    'icon.svg': pageIcon,
    'manifest.webmanifest': pageManifest(outgoing),
    'service-worker.js': serviceWorker(`${outgoing.about.run} ${outgoing.about.createdAt}`, [
      ...kept,
      ...(outgoing.calibrated?.reference == null ? [] : [referenceFile]),
    ]),
    // The page asks for it in any case.
    ...(outgoing.calibrated === null ? { [confidenceFile]: 'null\n' } : {}),
  }),
  // Apache License 2.0, as the file itself says.
  packageFiles: { 'tf.min.js': '@tensorflow/tfjs/dist/tf.es2017.min.js' },
  usage: () => `## How to use it

Put the whole folder on a web server, or try it on this computer:

\`\`\`sh
npx http-server . -p 8000       # or: python3 -m http.server 8000
\`\`\`

and open http://localhost:8000/. Photos are dropped, pasted, chosen, or taken by the camera, and never leave the device. After
the first visit it works without a network, and the browser offers to install it. Browsers give the camera to pages
from https:// and from this computer only. \`index.html#check\` compares the golden photos.

In pages of your own:

\`\`\`js
const model = await tf.loadGraphModel('model.json');
const scores = model.execute({ image: pixels }, 'probabilities_of_classes'); // int32, 0 to 255
\`\`\`

\`tf.min.js\` is TensorFlow.js, © Google LLC, under the Apache License 2.0.
`,
};
