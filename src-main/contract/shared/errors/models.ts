/** Models and their files. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const modelErrors = {
  MODEL_NOT_FOUND: {
    message: 'There is no model at {path}.',
    remedy: 'Give a run id or a model file (model.json, .h5 or .keras).',
  },
  MODEL_FILE_INVALID: {
    message: 'The model file {path} cannot be used: {reason}.',
    remedy: 'Download a complete copy of the file, or save the model again as model.json, .h5 or .keras.',
  },
  MODEL_GRAPH_ONLY: {
    message:
      'The model file {path} is a TensorFlow.js graph model, whose layers can be neither seen nor trained.',
    remedy:
      'Convert the Keras model it came from with --output_format=tfjs_layers_model, or use that model itself.',
  },
  MODEL_NO_CLASSIFIER: {
    message: 'The model {path} is not a classifier: {reason}.',
    remedy:
      'Its layers and filters can be explained. To predict classes, choose a model that ends in softmax or sigmoid.',
  },
  MODEL_WEIGHTS_NOT_FINITE: {
    message: 'The weights of {path} contain NaN or infinite values, first in the layer {layer}.',
    remedy: 'Download a complete copy of the file, or train the model again with a smaller learning rate.',
  },
  MODEL_INPUT_UNSUPPORTED: {
    message: 'The model does not take images: {reason}.',
    remedy: 'Choose an image classifier with one square input.',
  },
  MODEL_TOO_SMALL_INPUT: {
    message: 'Images of {size} pixels are too small for this model: the output of {layer} would be empty.',
    remedy: 'Use an image size of at least {minimum}.',
  },
  MODEL_SHARD_MISSING: {
    message: 'The model file {path} needs {shard}, which is missing beside it.',
    remedy: 'Copy all files of the model into one folder, then try again.',
  },
  MODEL_SHARD_SIZE: {
    message:
      'The weights of {path} ({shards}) have the wrong size. Expected: {expected} bytes. Received: {found} bytes.',
    remedy: 'The file is cut off or belongs to another model: copy or download it again.',
  },
  MODEL_LAYER_UNSUPPORTED: {
    message: 'The model {path} ({format}) has a layer that Lenslet does not support: {layer} of type {type}.',
    remedy: 'Use a model without it, or export the part of it before that layer.',
  },
  MODEL_WEIGHTS_MISMATCH: {
    message: 'The weights in {path} do not fit the network: {reason}.',
    remedy: 'Use the weights file that belongs to this network.',
  },
  MODEL_LAYER_UNKNOWN: {
    message: 'The model has no layer "{layer}".',
    remedy: 'Did you mean one of these: {nearest}?',
  },
  MODEL_LAYER_UNSUITABLE: {
    message: 'The layer {layer} ({type}) cannot be shown here: {reason}.',
    remedy: 'Choose another, such as {suitable}.',
  },
  MODEL_NO_CONVOLUTION: {
    message: 'The model has no convolution, so there are no maps to look at.',
    remedy: 'Choose a convolutional network; layers of a dense network see the whole picture at once.',
  },
  MODEL_CLASS_UNKNOWN: {
    message: 'The model has no class {class}.',
    remedy: 'Give a class from 0 to {last}, or leave it out for the predicted one.',
  },
  MODEL_CLASS_NAME_UNKNOWN: {
    message: 'The model has no class called "{class}".',
    remedy: 'Did you mean one of these: {nearest}? A number from 0 to {last} works too.',
  },
  MODEL_FILTER_UNKNOWN: {
    message: 'The layer {layer} has no filter {filter}.',
    remedy: 'Its filters are 0 to {last}.',
  },
  MODEL_WEIGHTS_UNKNOWN: {
    message: '{path} holds weights alone (layers {layers}), of a network that Lenslet does not know.',
    remedy: 'Save the whole model in Keras with model.save(), or give weights of one of: {known}.',
  },
  MODEL_CLASSES_MISMATCH: {
    message:
      'The number of class names does not match the outputs of the model. Expected: {found} names. Received: {expected}.',
    remedy: 'Give one name per output.',
  },
} as const satisfies Record<string, CatalogueEntry>;
