"""The Keras side of the benchmarks: reads one JSON object a line and answers with one. See test/bench/support/side.ts."""

import gzip
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

SMALL_CONV = {"activation": "relu"}


def set_threads(cores):
    """As many threads as Lenslet's engine uses: containers are not seen by TensorFlow itself."""
    tf.config.threading.set_intra_op_parallelism_threads(cores)
    tf.config.threading.set_inter_op_parallelism_threads(cores)


def scratch():
    model = keras.Sequential([keras.Input((150, 150, 3)), layers.Rescaling(1 / 255)])
    for filters in (32, 64, 128, 128):
        model.add(layers.Conv2D(filters, 3, **SMALL_CONV))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(512, activation="relu"))
    model.add(layers.Dense(1, activation="sigmoid"))
    optimizer = keras.optimizers.RMSprop(1e-4)
    model.compile(optimizer=optimizer, loss="binary_crossentropy", metrics=["accuracy"])
    assert model.count_params() == 3453121
    return model


def mnist():
    model = keras.Sequential([keras.Input((28, 28, 1))])
    model.add(layers.Conv2D(32, 3, **SMALL_CONV))
    model.add(layers.MaxPooling2D(2))
    model.add(layers.Conv2D(64, 3, **SMALL_CONV))
    model.add(layers.MaxPooling2D(2))
    model.add(layers.Conv2D(64, 3, **SMALL_CONV))
    model.add(layers.Flatten())
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    assert model.count_params() == 93322
    return model


def milliseconds(action, times):
    values = []
    for _ in range(times):
        begun = time.perf_counter()
        action()
        values.append((time.perf_counter() - begun) * 1000)
    return values


def step(options):
    model = scratch()
    batch = options["batch"]
    images = np.random.default_rng(1).integers(0, 256, (batch, 150, 150, 3), dtype="uint8")
    labels = np.arange(batch) % 2
    run = lambda: model.train_on_batch(images, labels)
    milliseconds(run, 3)
    return lambda times: milliseconds(run, times)


def forward(options):
    build = {"vgg16": keras.applications.VGG16, "mobilenet_v2": keras.applications.MobileNetV2}
    size, batch = options["size"], options["batch"]
    model = build[options["network"]](weights=None, include_top=False, input_shape=(size, size, 3))
    images = np.random.default_rng(1).integers(0, 256, (batch, size, size, 3), dtype="uint8")
    images = images.astype("float32") / 127.5 - 1
    run = lambda: model.predict_on_batch(images)
    milliseconds(run, 2)
    return lambda times: milliseconds(run, times)


def patterns(options):
    """Filter patterns one by one, as in the lesson: a step at a time through a tape. `compiled`: the step as one
    tf.function for all filters, which the lesson does not do. Some filters are measured and scaled to all."""
    size, steps, filters, some = (options[key] for key in ("size", "steps", "filters", "measured"))
    whole = keras.applications.MobileNetV2(weights=None, include_top=False, input_shape=(None, None, 3))
    model = keras.Model(whole.input, whole.get_layer(options["layer"]).output)

    def ascend(image, index):
        with tf.GradientTape() as tape:
            tape.watch(image)
            loss = tf.reduce_mean(model(image, training=False)[:, :, :, index])
        gradient = tape.gradient(loss, image)
        return image + gradient / (tf.sqrt(tf.reduce_mean(tf.square(gradient))) + 1e-5) / 127.5

    ascend = tf.function(ascend) if options["compiled"] else ascend
    random = np.random.default_rng(1)

    def all_filters():
        for index in range(some):
            noise = random.random((1, size, size, 3), dtype="float32") * 20 / 127.5
            image = tf.constant(noise)
            for _ in range(steps):
                image = ascend(image, tf.constant(index))
            image.numpy()

    ascend(tf.zeros((1, size, size, 3)), tf.constant(0))
    return lambda times: [value * filters / some for value in milliseconds(all_filters, times)]


class EpochTimes(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.values = []

    def on_epoch_begin(self, epoch, logs=None):
        self.begun = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.values.append((time.perf_counter() - self.begun) * 1000)


def later_epochs(fit):
    """What each epoch takes, the first of each fit not counted."""

    def run(times):
        clock = EpochTimes()
        fit(epochs=times + 1, callbacks=[clock], verbose=0)
        return clock.values[1:]

    return run


def folder_split(folder, split, shuffle):
    dataset = keras.utils.image_dataset_from_directory(
        Path(folder) / split, label_mode="binary", image_size=(150, 150), batch_size=20, shuffle=shuffle, seed=1, verbose=False
    )
    return dataset.prefetch(tf.data.AUTOTUNE)


def epoch(options):
    model = scratch()
    train = folder_split(options["folder"], "train", True)
    validation = folder_split(options["folder"], "validation", False)
    return later_epochs(lambda **how: model.fit(train, validation_data=validation, **how))


def read_idx(path, header):
    return np.frombuffer(gzip.open(path).read(), dtype="uint8", offset=header)


def mnist_epoch(options):
    folder = Path(options["folder"])
    images = read_idx(next(folder.glob("train-images*.gz")), 16).reshape(-1, 28, 28, 1).astype("float32") / 255
    labels = read_idx(next(folder.glob("train-labels*.gz")), 8)
    model = mnist()
    return later_epochs(lambda **how: model.fit(images, labels, batch_size=64, **how))


def cold(options):
    """The whole program, from reading the folder to the accuracy on the test photos."""
    model = scratch()
    train = folder_split(options["folder"], "train", True)
    validation = folder_split(options["folder"], "validation", False)
    model.fit(train, validation_data=validation, epochs=options["epochs"], verbose=0)
    _, accuracy = model.evaluate(folder_split(options["folder"], "test", False), verbose=0)
    return accuracy


WORKS = {"step": step, "forward": forward, "patterns": patterns, "epoch": epoch, "mnist-epoch": mnist_epoch}


def main():
    if sys.argv[1:2] == ["versions"]:
        print(json.dumps({"keras": keras.__version__, "tensorflow": tf.__version__}))
        return
    if sys.argv[1:2] == ["cold"]:
        options = json.loads(sys.argv[2])
        set_threads(options["cores"])
        print(json.dumps({"accuracy": cold(options)}))
        return
    answer = sys.stdout
    sys.stdout = sys.stderr
    run = None
    for line in sys.stdin:
        question = json.loads(line)
        try:
            if "work" in question:
                set_threads(question["cores"])
                run = WORKS[question["work"]](question)
                reply = {"facts": {}}
            else:
                reply = {"values": run(question["times"])}
        except Exception as error:  # said to whoever asked; the bench goes on with the next work
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=answer, flush=True)


main()
