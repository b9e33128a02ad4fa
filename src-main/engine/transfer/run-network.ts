/** The network of a recipe, with its pretrained part where it has one. */
import type * as tfjs from '@tensorflow/tfjs';
import type { OpenBackbone } from '../network/backbone.ts';
import type { BackboneWeights } from '../../contract/engine/engine.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { RunSettings } from '../../contract/shared/training-settings.ts';
import type { Recipe } from '../network/recipe.ts';
import type { Tf } from '../base/backend.ts';
import { buildTopology } from '../network/model-source.ts';
import { openBackbone } from '../models/open-backbone.ts';
import type { ModelFiles } from '../models/model-files.ts';
import {
  type TransferParts,
  defaultUnfreezeFrom,
  freezeBackbone,
  splitTransfer,
  unfreezeFrom,
} from './transfer.ts';

/** A network to train. */
export interface RunNetwork {
  readonly model: tfjs.LayersModel;
  readonly preprocessing: Preprocessing;
  /** A sentence for each thing that the backbone’s file does not say. */
  readonly assumed: readonly string[];
  /** Null for networks that are trained from nothing. */
  readonly transfer: (TransferParts & { readonly hash: string; readonly id: string | null }) | null;
}

/** What a network is made for. */
export interface NetworkRequest {
  readonly recipe: Recipe;
  readonly classes: number;
  readonly settings: RunSettings;
  readonly backbone: BackboneWeights | null;
}

/**
 * Builds a recipe's network for what its first stage trains. The caller disposes of the model.
 * @throws AppError MODEL_TOO_SMALL_INPUT, BACKBONE_NONE, MODEL_…
 */
export async function buildNetwork(tf: Tf, request: NetworkRequest, files: ModelFiles): Promise<RunNetwork> {
  const { recipe, classes, settings } = request;
  const { imageSize, seed } = settings;
  const { channels } = recipe.defaults;
  const backbone = recipe.needsBackbone ? await open(tf, request, files) : null;
  const inputShape = [imageSize, imageSize, channels] as const;
  const model = recipe.build(tf, { inputShape, classes, seed, settings, backbone });
  const parts = backbone === null ? null : splitTransfer(model);
  if (backbone === null || parts === null) {
    return { model, preprocessing: recipe.preprocessing ?? '0-1', assumed: [], transfer: null };
  }
  const transfer = { ...parts, hash: backbone.hash, id: backbone.id };
  const { preprocessing, assumed } = backbone;
  const network = { model, preprocessing, assumed, transfer };
  freezeFor(network, recipe.stages(settings)[0].trains, settings);
  return network;
}

async function open(
  tf: Tf,
  { backbone, settings }: NetworkRequest,
  files: ModelFiles,
): Promise<OpenBackbone> {
  const { imageSize, preprocess } = settings;
  const given = preprocess === 'auto' ? undefined : preprocess;
  if (backbone === null) throw new AppError('BACKBONE_NONE');
  const { id, path } = backbone;
  if (path !== null) return openBackbone(tf, { ...files.at(path), imageSize, preprocessing: given });
  // Without its weights, for the layer table.
  if (id === null) throw new AppError('BACKBONE_NONE');
  const { label, preprocessing: usual, minimumImageSize, network } = files.known.find(id);
  const preprocessing = given ?? usual;
  if (imageSize < minimumImageSize) {
    throw new AppError('MODEL_TOO_SMALL_INPUT', { size: imageSize, layer: label, minimum: minimumImageSize });
  }
  const topology = network({ inputShape: [imageSize, imageSize, 3] });
  const model = await buildTopology(tf, { format: 'Lenslet', topology }, id);
  return { id, label, model, preprocessing, imageSize, channels: 3, hash: '', assumed: [] };
}

/** Lets those weights train that a stage trains. @throws AppError TRAINING_LAYER_UNKNOWN */
export function freezeFor(
  { transfer }: Pick<RunNetwork, 'transfer'>,
  trains: 'all' | 'head' | 'from',
  settings: Pick<RunSettings, 'unfreezeFrom'>,
): void {
  if (transfer === null) return;
  if (trains === 'head') freezeBackbone(transfer);
  else unfreezeFrom(transfer, settings.unfreezeFrom ?? defaultUnfreezeFrom(transfer.backbone));
}
