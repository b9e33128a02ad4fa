import type { ExportFormat, OutgoingModel } from '../../engine/exports/export-format.ts';
import { onnxFeatures, onnxInput, onnxOutput } from '../../engine/onnx/write-onnx.ts';
import { confidenceScript } from './confidence-script.ts';
import { nodePackage } from './node-package.ts';
import { fileName, writeOnnxFile } from './onnx-file.ts';

const predictModule = ({
  imageSize,
  channels,
}: OutgoingModel): string => `// import { open } from './index.mjs';
// const model = await open();
// const { label, probability, unknown, probabilities } = await model.predict('photo.jpg');
import { existsSync, readFileSync } from 'node:fs';
import * as onnx from 'onnxruntime-node';
import sharp from 'sharp';

const beside = (name) => new URL(name, import.meta.url);

/** The class names, in the order of the probabilities. */
export const labels = readFileSync(beside('labels.txt'), 'utf8').trimEnd().split('\\n');

const confidence = existsSync(beside('confidence.json'))
  ? JSON.parse(readFileSync(beside('confidence.json'), 'utf8'))
  : null;
${confidenceScript}
/** The pixels of a photo (a path, or the bytes of a file) as the model takes them: upright, squashed to its size. */
export async function pixelsOf(photo) {
  const upright = sharp(photo).rotate().flatten().toColourspace('${channels === 3 ? 'srgb' : 'b-w'}');
  return upright.resize(${imageSize}, ${imageSize}, { fit: 'fill', kernel: 'linear' }).raw().toBuffer();
}

/** Loads the model. Its \`predict\` takes a path, or the bytes of a photo. */
export async function open() {
  const session = await onnx.InferenceSession.create(readFileSync(beside('${fileName}')));
  const file = confidence?.reference && new Uint8Array(readFileSync(beside(confidence.reference)));
  const limits = { confidence, reference: file ? numbersOf(file.buffer) : null };
  return {
    async predict(photo) {
      const pixels = await pixelsOf(photo);
      const image = new onnx.Tensor('uint8', pixels, [1, ${imageSize}, ${imageSize}, ${channels}]);
      const { ${onnxOutput}: scores, ${onnxFeatures}: features } = await session.run({ ${onnxInput}: image });
      const best = scores.data.indexOf(Math.max(...scores.data));
      const probabilities = Object.fromEntries(labels.map((label, place) => [label, scores.data[place]]));
      const doubt = doubtOf(limits, scores.data, features?.data);
      return { label: labels[best], probability: scores.data[best], ...doubt, probabilities };
    },
  };
}
`;

const check = `// Checks this export: node check.mjs compares the golden photos with what the app said of them.
// node check.mjs FOLDER --json predicts the photos in a folder instead, one line of JSON each.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open } from './index.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const read = (...names) => JSON.parse(readFileSync(join(here, ...names), 'utf8'));
const model = await open();

async function checkGolden() {
  const { tolerance, distanceTolerance } = read('export.json');
  const expected = read('golden', 'expected.json');
  let largest = 0;
  for (const { image, probabilities, distance } of expected) {
    const found = await model.predict(join(here, 'golden', image));
    const differences = Object.entries(probabilities).map(([label, wanted]) =>
      Math.abs(found.probabilities[label] - wanted),
    );
    const difference = Math.max(...differences);
    const moved = found.distance === null ? 0 : Math.abs(found.distance - distance);
    const agrees = difference <= tolerance && moved <= distanceTolerance;
    largest = Math.max(largest, difference);
    const more = agrees ? '' : \`, more than \${tolerance}: DOES NOT AGREE\`;
    console.log(\`\${image}: \${found.label}, difference \${difference.toExponential(1)}\${more}\`);
    if (!agrees) return false;
  }
  console.log(\`All \${expected.length} agree; the largest difference is \${largest.toExponential(1)}.\`);
  return expected.length > 0;
}

async function predictFolder(folder, asJson) {
  let allRead = true;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const image of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    const line = await model.predict(image).catch((error) => {
      allRead = false;
      return { error: { code: 'IMAGE_UNREADABLE', message: error.message } };
    });
    const doubt = line.unknown ? 'I don’t know: ' : '';
    const text = line.error ? line.error.message : \`\${doubt}\${line.label} \${(100 * line.probability).toFixed(1)}%\`;
    console.log(asJson ? JSON.stringify({ image, ...line }) : \`\${image}: \${text}\`);
  }
  return allRead;
}

const [folder] = process.argv.slice(2).filter((word) => word !== '--json');
const done =
  folder === undefined ? await checkGolden() : await predictFolder(folder, process.argv.includes('--json'));
process.exitCode = done ? 0 : 1;
`;

/** A folder to import from a program for Node. */
export const node: ExportFormat = {
  id: 'node',
  label: 'Node folder',
  purpose:
    'For programs in JavaScript and TypeScript: a folder with a function that takes a photo and gives its class.',
  tolerance: 1e-4,
  write: writeOnnxFile,
  texts: (outgoing) => ({ 'index.mjs': predictModule(outgoing), 'check.mjs': check, ...nodePackage }),
  usage: () => `## How to use it

\`\`\`sh
npm install
node check.mjs                  # compares the golden photos
node check.mjs FOLDER --json    # predicts a folder of photos
\`\`\`

\`\`\`js
import { open } from './index.mjs';
const model = await open();
const { label, probability, unknown } = await model.predict('photo.jpg');
\`\`\`
`,
};
