import type { LayerTimes } from '../../../../contract/app/explain/network.ts';
import type { LayerRow, ModelSummary } from '../../../../contract/app/model-summary.ts';
import { AppError } from '../../../../contract/shared/errors.ts';
import type { Output } from '../../output.ts';
import { resolveModel } from '../../run-reference.ts';
import { type Session, withSession } from '../../session.ts';
import { count, megabytes, table } from '../../text.ts';
import { type SummaryFlags, isNetworkWord, summaryOf } from '../summary.ts';

interface Flags extends SummaryFlags {
  readonly images: number;
  readonly times?: boolean;
}

/** Bytes of a number in a network. */
const bytesPerValue = 4;

/** What a layer sees of the input, as text. */
function seen({ receptiveField }: LayerRow): string {
  if (receptiveField == null) return '–';
  return receptiveField === 'all' ? 'all' : receptiveField.size.join('×');
}

/** Memory of the layer's output for so many images, and of its parameters, in bytes. */
function memoryOf({ outputShape, params }: LayerRow, images: number) {
  const values = outputShape.reduce<number>((product, side) => product * (side ?? 1), 1);
  return { outputBytes: values * images * bytesPerValue, parameterBytes: params * bytesPerValue };
}

/** Measures a trained model's layers. @throws AppError USAGE_INVALID for a recipe or an id of the registry */
async function measured(
  session: Session,
  output: Output,
  word: string,
  { project, images }: Flags,
): Promise<{ layers: LayerRow[]; times: LayerTimes }> {
  if (isNetworkWord(word)) {
    const detail = `“${word}” has no weights to measure: give a run or a model file with --times`;
    throw new AppError('USAGE_INVALID', { detail, command: 'layers ' });
  }
  const reference = resolveModel(word, project);
  if (reference.kind === 'run') await session.openProject(reference.project);
  const model =
    reference.kind === 'run'
      ? ({ kind: 'run', run: reference.run } as const)
      : ({ kind: 'pick', pick: session.core.context.pickedPaths.add(reference.path) } as const);
  const { client, signal } = session;
  const { layers } = await client.explain.overview({ model });
  for await (const event of await client.explain.measure(
    { model, batchSize: Math.min(images, 256) },
    { signal },
  )) {
    if (event.type === 'done') return { layers, times: event };
    output.progress(event.total === null ? Number.NaN : event.done / event.total, event.phase);
  }
  throw new AppError('CANCELLED');
}

function print(output: Output, layers: readonly LayerRow[], images: number, times: LayerTimes | null): void {
  const byName = new Map(times?.layers.map(({ name, milliseconds }) => [name, milliseconds]));
  const rows = layers.map((layer) => ({
    name: layer.name,
    type: layer.type,
    outputShape: layer.outputShape,
    receptiveField: layer.receptiveField ?? null,
    params: layer.params,
    multiplications: layer.multiplications * images,
    ...memoryOf(layer, images),
    ...(times === null ? {} : { milliseconds: byName.get(layer.name) ?? null }),
  }));
  const cells = rows.map((row, i) => [
    row.name,
    row.outputShape.slice(1).join('×'),
    seen(layers[i]),
    count(row.params),
    count(row.multiplications),
    megabytes(row.outputBytes),
    ...(row.milliseconds == null ? [] : [row.milliseconds.toFixed(2)]),
  ]);
  const total = (key: 'params' | 'multiplications' | 'outputBytes' | 'parameterBytes'): number =>
    rows.reduce((sum, row) => sum + row[key], 0);
  const heading = [
    'layer',
    'output',
    'sees',
    'parameters',
    'multiplications',
    'memory',
    ...(times ? ['ms'] : []),
  ];
  const text = [
    table([heading, ...cells]),
    '',
    `Multiplications ${count(total('multiplications'))} for ${count(images)} ${images === 1 ? 'image' : 'images'}`,
    `Memory          ${megabytes(total('outputBytes'))} of outputs, ${megabytes(total('parameterBytes'))} of parameters`,
    ...(times === null
      ? []
      : [
          `Time            ${times.milliseconds.toFixed(2)} ms an image layer by layer, ${times.wholeMilliseconds.toFixed(2)} ms in one go, on ${times.engine} (${times.device})`,
        ]),
  ].join('\n');
  output.answer(
    {
      images,
      layers: rows,
      multiplications: total('multiplications'),
      outputBytes: total('outputBytes'),
      parameterBytes: total('parameterBytes'),
      ...(times === null
        ? {}
        : {
            engine: times.engine,
            device: times.device,
            milliseconds: times.milliseconds,
            wholeMilliseconds: times.wholeMilliseconds,
          }),
    },
    text,
  );
}

/** The layers of a summary, those inside a recipe's pretrained network in its place. */
function opened({ layers, backbone }: ModelSummary): LayerRow[] {
  return layers.flatMap((layer) => (layer.name === backbone?.name ? backbone.layers : [layer]));
}

/** `lenslet layers WHAT [--images N] [--times]`: what each layer sees, costs and takes. */
export async function layers(output: Output, flags: Flags, word: string): Promise<void> {
  await withSession(output, async (session) => {
    if (flags.times === true) {
      const found = await measured(session, output, word, flags);
      print(output, found.layers, flags.images, found.times);
      return;
    }
    print(output, opened(await summaryOf(session, word, flags)), flags.images, null);
  });
}
