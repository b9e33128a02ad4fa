import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { privateTempPath } from '../../../core/files/private-temp-folder.ts';
import type { NativeBinding, NativeOutput } from '../native-binding.ts';
import type { NodeDef } from '../../../core/tensorflow/generated/tensorflow/core/framework/node_def_pb.js';
import { SavedModelSchema } from '../../../core/tensorflow/generated/tensorflow/core/protobuf/saved_model_pb.js';

/** TF_GRAPH_DEF_VERSION of TensorFlow 2.9, the oldest runtime that tfjs-node 4.22 may come with. */
const PRODUCER = 1087;

/** A graph as the bytes of a `saved_model.pb` with the tag `serve`. */
export function encodeSavedModel(node: NodeDef[]): Uint8Array {
  const metaGraph = {
    metaInfoDef: { tags: ['serve'] },
    graphDef: { node, versions: { producer: PRODUCER } },
  };
  return toBinary(
    SavedModelSchema,
    create(SavedModelSchema, { savedModelSchemaVersion: 1n, metaGraphs: [metaGraph] }),
  );
}

/** A loaded graph with its own state. */
export class GraphSession {
  readonly #binding: NativeBinding;
  readonly #id: number;

  /** Throws the message of TensorFlow for a graph that it rejects. */
  constructor(binding: NativeBinding, nodes: NodeDef[]) {
    this.#binding = binding;
    const folder = privateTempPath('graph');
    try {
      mkdirSync(folder);
      writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(nodes));
      this.#id = binding.loadSavedModel(folder, 'serve');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Feeds native tensors to the named nodes and returns what the fetched nodes give. */
  run(ids: number[], feeds: readonly string[], fetches: readonly string[]): NativeOutput[] {
    const names = (nodes: readonly string[]) => nodes.map((node) => `${node}:0`).join(',');
    return this.#binding.runSavedModel(this.#id, ids, names(feeds), names(fetches));
  }

  /** As `run`, for nodes that are fetched only to make them happen. */
  perform(ids: number[], feeds: readonly string[], fetches: readonly string[]): void {
    for (const { id } of this.run(ids, feeds, fetches)) this.#binding.deleteTensor(id);
  }

  /** Frees the session and its state. */
  dispose(): void {
    this.#binding.deleteSavedModel(this.#id);
  }
}
