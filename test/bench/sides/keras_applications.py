"""Writes one network of keras.applications, its weights at random, with what Keras computes with it.

    python keras_applications.py list
    python keras_applications.py NetworkName FOLDER SIZE

Into the folder come model.keras, model.h5, images.bin (two images, float32, in the range that the network wants),
and expected.json: probabilities, the gradient of the likeliest class with respect to the first image, and the last
feature map of the first image: what goes into the last global pooling, or flattening where there is none.
"""

import inspect
import json
import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
import tensorflow as tf

CLASSES = 20
#: These take pixels from 0 to 255 and scale them themselves.
RESCALES = ("EfficientNet", "ConvNeXt", "MobileNetV3")


def names():
    found = [name for name, make in vars(keras.applications).items() if inspect.isfunction(make)]
    return sorted(found)


def unsettle(model, random):
    """Weights as after training: of both signs, statistics and scales that are not 0 or 1."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            unsettle(layer, random)
            continue
        # Keras goes on with the mean that it had when the layer was made, until the file is loaded.
        if isinstance(layer, keras.layers.Normalization):
            continue
        for weight in layer.weights:
            shape, kind = weight.shape, weight.path.split("/")[-1]
            if weight.dtype not in ("float32",) or kind == "count":
                continue
            if kind in ("gamma", "variable", "moving_variance", "variance"):
                values = random.uniform(0.8, 1.2, shape)
            elif len(shape) < 2:
                values = random.normal(0, 0.1, shape)
            else:
                depthwise = isinstance(layer, keras.layers.DepthwiseConv2D) or "depthwise" in kind
                inputs = np.prod(shape[:2]) if depthwise else np.prod(shape[:-1])
                values = random.normal(0, np.sqrt(2 / inputs), shape)
            weight.assign(values.astype("float32"))


def settle_statistics(model, images):
    """Averages of batch normalisation that fit the weights, so that nothing grows from layer to layer."""
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0
    model(images, training=True)


def logits_of(make, size):
    options = {"weights": None, "input_shape": (size, size, 3), "classes": CLASSES}
    keras.utils.set_random_seed(7)
    plain = make(**options, classifier_activation=None)
    keras.utils.set_random_seed(7)
    return plain, make(**options)


def write(name, folder, size):
    make = getattr(keras.applications, name)
    random = np.random.default_rng(len(name))
    images = random.uniform(0, 1, (2, size, size, 3)).astype("float32")
    # Something to see, not noise alone.
    images[0, : size // 2, :, 0] *= 0.2
    images[1, :, size // 3 :, 2] *= 0.3
    images = images * 255 if name.startswith(RESCALES) else images * 2 - 1
    plain, model = logits_of(make, size)
    unsettle(plain, random)
    settle_statistics(plain, images)
    last = [layer for layer in plain.layers if layer.weights][-1]
    # Outputs far from uniform: logits with a deviation of 2.
    kernel, *bias = last.get_weights()
    last.set_weights([kernel * (2 / plain.predict(images, verbose=0).std()), *bias])
    model.set_weights(plain.get_weights())
    probabilities = model.predict(images, verbose=0)
    first = tf.constant(images[:1])
    with tf.GradientTape() as tape:
        tape.watch(first)
        score = model(first, training=False)[0, int(probabilities[0].argmax())]
    gradient = tape.gradient(score, first).numpy()
    kinds = (keras.layers.GlobalAveragePooling2D, keras.layers.Flatten)
    pools = [[layer for layer in model.layers if isinstance(layer, kind)] for kind in kinds]
    pool = (pools[0] or pools[1])[-1]
    features = keras.Model(model.inputs, pool.input).predict(images[:1], verbose=0)
    model.save(folder / "model.keras")
    model.save(folder / "model.h5")
    images.tofile(folder / "images.bin")
    gradient.astype("float32").tofile(folder / "gradient.bin")
    features.astype("float32").tofile(folder / "features.bin")
    expected = {
        "keras": keras.__version__,
        "parameters": int(model.count_params()),
        "probabilities": probabilities.tolist(),
        "features": list(features.shape),
    }
    (folder / "expected.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    if sys.argv[1] == "list":
        print(json.dumps(names()))
    else:
        write(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
