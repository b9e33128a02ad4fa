/** All backbones, in the order shown. Adding one is adding its file and its line here. */
import { AppError } from '../../contract/shared/errors.ts';
import type { Backbone, KnownBackbones, LayerSketch } from '../../engine/network/backbone.ts';
import { efficientnetB0 } from './efficientnet-b0.ts';
import { efficientnetLite0, efficientnetLite1, efficientnetLite2 } from './efficientnet-lite.ts';
import { mobilenetV2 } from './mobilenet-v2.ts';
import { mobilenet } from './mobilenet.ts';
import { resnet50 } from './resnet50.ts';
import { squeezenet } from './squeezenet.ts';
import { vgg16 } from './vgg16.ts';

export const backbones: readonly Backbone[] = [
  efficientnetLite0,
  efficientnetLite1,
  efficientnetLite2,
  mobilenetV2,
  efficientnetB0,
  mobilenet,
  squeezenet,
  resnet50,
  vgg16,
];
export type { Backbone };

/** A backbone by id, or null. */
export function knownBackbone(id: string): Backbone | null {
  return backbones.find((candidate) => candidate.id === id) ?? null;
}

/** A backbone by id. @throws AppError BACKBONE_UNKNOWN */
export function findBackbone(id: string): Backbone {
  const backbone = knownBackbone(id);
  if (backbone !== null) return backbone;
  throw new AppError('BACKBONE_UNKNOWN', { id, known: backbones.map((known) => known.id).join(', ') });
}

/** The backbone whose layers these are, or null. */
export function recogniseBackbone(sketch: LayerSketch): Backbone | null {
  return backbones.find((candidate) => candidate.recognise(sketch)) ?? null;
}

/** All of the above, as the engine takes it. */
export const knownBackbones: KnownBackbones = {
  all: backbones,
  find: findBackbone,
  recognise: recogniseBackbone,
};
