"""Filter patterns one by one, as in the lesson, for the time that Keras takes.

    python test/bench/filter_patterns_keras.py MODEL.json [LAYER ...]

`lesson`: one gradient step after another through a tape, as the lesson's code does it with today's Keras. `compiled`:
the step as one tf.function for all filters, which the lesson does not do.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf
from keras import layers


def load(path):
    """A TensorFlow.js layers model as a Keras model that takes images of any size, up to its last convolution."""
    content = json.loads(Path(path).read_text())
    topology = content["modelTopology"]
    topology = topology.get("model_config", topology)
    values, tensors = b"", {}
    for group in content["weightsManifest"]:
        data = b"".join((Path(path).parent / part).read_bytes() for part in group["paths"])
        offset = 0
        for weight in group["weights"]:
            count = int(np.prod(weight["shape"]))
            tensors[weight["name"]] = np.frombuffer(data, "float32", count, offset).reshape(weight["shape"])
            offset += 4 * count
    made = {}
    for layer in topology["config"]["layers"]:
        kind, config, name = layer["class_name"], layer["config"], layer.get("name", layer["config"]["name"])
        if kind == "InputLayer":
            made[name] = keras.Input((None, None, config["batch_input_shape"][-1]), name=name)
            continue
        sources = [made[node[0]] for node in layer["inbound_nodes"][0] if node[0] in made]
        if len(sources) < len(layer["inbound_nodes"][0]) or kind in ("GlobalAveragePooling2D", "Flatten", "Dense"):
            continue
        if kind == "Conv2D":
            built = layers.Conv2D(config["filters"], config["kernel_size"], config["strides"], config["padding"], use_bias=config["use_bias"], activation=config["activation"], name=name)
        elif kind == "DepthwiseConv2D":
            built = layers.DepthwiseConv2D(config["kernel_size"], config["strides"], config["padding"], use_bias=config["use_bias"], activation=config["activation"], name=name)
        elif kind == "ReLU":
            built = layers.ReLU(config.get("max_value"), name=name)
        elif kind == "Add":
            built = layers.Add(name=name)
        elif kind == "ZeroPadding2D":
            built = layers.ZeroPadding2D(config["padding"], name=name)
        else:
            raise SystemExit(f"{kind} is not known here")
        made[name] = built(sources if len(sources) > 1 else sources[0])
        own = [tensors[key] for key in tensors if key.split("/")[0] == name]
        if own:
            built.set_weights(own)
    first = next(iter(made))
    return made[first], made


def seconds_of(step, filters):
    start = time.perf_counter()
    for index in filters:
        image = tf.constant(np.random.random((1, 64, 64, 3)).astype("float32") * 20 / 127.5)
        for _ in range(40):
            image = step(image, tf.constant(index))
        image.numpy()
    return time.perf_counter() - start


first, made = load(sys.argv[1])
for name in sys.argv[2:]:
    model = keras.Model(first, made[name])

    def lesson(image, index):
        with tf.GradientTape() as tape:
            tape.watch(image)
            loss = tf.reduce_mean(model(image)[:, :, :, index])
        gradient = tape.gradient(loss, image)
        return image + gradient / (tf.sqrt(tf.reduce_mean(tf.square(gradient))) + 1e-5) / 127.5

    compiled = tf.function(lesson)
    filters = list(range(min(64, model.output_shape[-1])))
    some = filters[: int(os.environ.get("FILTERS", "64"))]
    scale = len(filters) / len(some)
    compiled(tf.zeros((1, 64, 64, 3)), tf.constant(0))
    for kind, step in (("compiled", compiled), ("lesson", lesson)):
        seconds = seconds_of(step, some) * scale
        print(json.dumps({"layer": name, "filters": len(filters), "how": kind, "seconds": seconds, "measured": len(some)}), flush=True)
