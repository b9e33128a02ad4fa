/**
 * What LiteRT's libraries for phones and MediaPipe want to know of a model beside its numbers, and where they look for
 * it: a table in the file, and the class names in a ZIP archive behind it. Facts from `metadata_schema.fbs`
 * (https://github.com/google-ai-edge/mediapipe, Apache License 2.0); a test compares them.
 */
import { zipSync } from 'fflate';
import { concatBytes } from '../../core/files/storage.ts';
import { type Schema, fields, writeFlatBuffer } from './flatbuffer-tables.ts';

const { floats, int8, table, tables, text, uint8, union } = fields;

/** The name under which a model holds its description. */
export const metadataName = 'TFLITE_METADATA';

/** The name of the class names in the archive. */
const labelsFile = 'labels.txt';

/** The tables of the description. */
export const metadataSchema = {
  ModelMetadata: {
    name: text(0),
    description: text(1),
    subgraphMetadata: tables(3, 'SubGraphMetadata'),
    author: text(4),
    license: text(5),
    minParserVersion: text(7),
  },
  SubGraphMetadata: {
    inputTensorMetadata: tables(2, 'TensorMetadata'),
    outputTensorMetadata: tables(3, 'TensorMetadata'),
  },
  TensorMetadata: {
    name: text(0),
    description: text(1),
    content: table(3, 'Content'),
    processUnits: tables(4, 'ProcessUnit'),
    stats: table(5, 'Stats'),
    associatedFiles: tables(6, 'AssociatedFile'),
  },
  Content: { contentPropertiesType: uint8(0), contentProperties: union(1) },
  FeatureProperties: {},
  ImageProperties: { colorSpace: int8(0) },
  ProcessUnit: { optionsType: uint8(0), options: union(1) },
  NormalizationOptions: { mean: floats(0), std: floats(1) },
  Stats: { max: floats(0), min: floats(1) },
  AssociatedFile: { name: text(0), description: text(1), type: int8(2) },
} satisfies Schema;

export const ContentProperties = { FeatureProperties: 1, ImageProperties: 2 } as const;
export const ProcessUnitOptions = { NormalizationOptions: 1 } as const;
export const ColorSpaceType = { RGB: 1, GRAYSCALE: 2 } as const;
export const AssociatedFileType = { TENSOR_AXIS_LABELS: 2 } as const;

/** What is said of a model. */
export interface LitertAbout {
  readonly name: string;
  readonly description: string;
  readonly author: string;
  readonly licence: string;
  readonly channels: 1 | 3;
  readonly input: string;
  /** Names: of the probabilities, and of what else comes out. */
  readonly outputs: readonly string[];
}

/** The bytes of the description of a classifier that takes pixels from 0 to 255. */
export function describeClassifier(about: LitertAbout): Uint8Array {
  const colorSpace = ColorSpaceType[about.channels === 3 ? 'RGB' : 'GRAYSCALE'];
  const image = {
    name: about.input,
    description: 'An upright photo squashed to the size of the model, values from 0 to 255.',
    content: {
      contentPropertiesType: ContentProperties.ImageProperties,
      contentProperties: { table: 'ImageProperties', row: { colorSpace } },
    },
    processUnits: [
      {
        optionsType: ProcessUnitOptions.NormalizationOptions,
        options: { table: 'NormalizationOptions', row: { mean: [0], std: [1] } },
      },
    ],
    stats: { max: [255], min: [0] },
  };
  const probabilities = {
    name: about.outputs[0],
    description: 'One probability per class.',
    content: {
      contentPropertiesType: ContentProperties.FeatureProperties,
      contentProperties: { table: 'FeatureProperties', row: {} },
    },
    stats: { max: [1], min: [0] },
    associatedFiles: [
      {
        name: labelsFile,
        description: 'The class names, one a line, in the order of the probabilities.',
        type: AssociatedFileType.TENSOR_AXIS_LABELS,
      },
    ],
  };
  const others = about.outputs.slice(1).map((name) => ({
    name,
    description: 'What the probabilities are computed from.',
    content: probabilities.content,
  }));
  const row = {
    name: about.name,
    description: about.description,
    subgraphMetadata: [{ inputTensorMetadata: [image], outputTensorMetadata: [probabilities, ...others] }],
    author: about.author,
    license: about.licence,
    minParserVersion: '1.0.0',
  };
  return writeFlatBuffer(metadataSchema, 'ModelMetadata', row, 'M001');
}

/** Puts the class names behind a model, where programs look for them. */
export function appendLabels(model: Uint8Array, classes: readonly string[], date: Date): Uint8Array {
  const labels = new TextEncoder().encode(`${classes.join('\n')}\n`);
  // Not compressed: the readers on phones want it so.
  const archive = zipSync({ [labelsFile]: labels }, { level: 0, mtime: date });
  return concatBytes([model, moved(archive, model.byteLength)]);
}

/** Ends of ZIP archives without a comment: 22 bytes. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
const endBytes = 22;

/** An archive of one file that begins somewhere in a larger one: its places count from the beginning of that. */
function moved(archive: Uint8Array, by: number): Uint8Array {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const add = (at: number): void => view.setUint32(at, view.getUint32(at, true) + by, true);
  const directory = archive.byteLength - endBytes + 16;
  add(view.getUint32(directory, true) + 42);
  add(directory);
  return archive;
}
