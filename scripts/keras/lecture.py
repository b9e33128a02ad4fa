#!/usr/bin/env python3
"""Trains the lecture's two networks from scratch in Keras, for docs/lecture.md: the same photos, sizes and schedule.

    python lecture.py FOLDER --recipe augmented --epochs 100 --out history.jsonl

FOLDER holds train, validation and test, each with a folder per class. Needs keras, tensorflow, scipy and pillow.
The history gets one line an epoch and one for the test, written as it is known. After chapter 5 of Chollet's book:
ImageDataGenerator with its nearest pixels, RMSprop at 1e-4, 100 steps an epoch, the last epoch is tested.
"""

import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
from keras import layers
from keras.src.legacy.preprocessing.image import ImageDataGenerator

SIZE = 150
STEPS = 100
BATCH = {"scratch": 20, "augmented": 32}
AUGMENTATION = {
    "rotation_range": 40,
    "width_shift_range": 0.2,
    "height_shift_range": 0.2,
    "shear_range": 0.2,
    "zoom_range": 0.2,
    "horizontal_flip": True,
}


def network(dropout):
    """Four convolutions with max pooling after each, Dense(512) and one sigmoid: 3,453,121 parameters."""
    stack = [keras.Input((SIZE, SIZE, 3))]
    for filters in (32, 64, 128, 128):
        stack += [layers.Conv2D(filters, 3, activation="relu"), layers.MaxPooling2D(2)]
    stack += [layers.Flatten()]
    if dropout:
        stack += [layers.Dropout(0.5)]
    return keras.Sequential(stack + [layers.Dense(512, activation="relu"), layers.Dense(1, activation="sigmoid")])


def forever(flow):
    """Batches without an end: 100 steps are more than one time through the photos."""
    while True:
        yield next(flow)


class History(keras.callbacks.Callback):
    """Writes each epoch as a line with the field names of `lenslet train --json`."""

    def __init__(self, file):
        super().__init__()
        self.file = file
        self.began = 0.0

    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.time()

    def on_epoch_end(self, epoch, logs=None):
        self.file.write(json.dumps({
            "event": "epoch",
            "epoch": epoch + 1,
            "loss": logs["loss"],
            "accuracy": logs["accuracy"],
            "valLoss": logs["val_loss"],
            "valAccuracy": logs["val_accuracy"],
            "seconds": time.time() - self.began,
        }) + "\n")
        self.file.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--recipe", choices=sorted(BATCH), default="augmented")
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    flags = parser.parse_args()

    keras.utils.set_random_seed(flags.seed)
    batch = BATCH[flags.recipe]
    changes = AUGMENTATION if flags.recipe == "augmented" else {}
    common = {"target_size": (SIZE, SIZE), "class_mode": "binary", "batch_size": batch}
    train = ImageDataGenerator(rescale=1 / 255, **changes).flow_from_directory(
        flags.folder / "train", seed=flags.seed, **common)
    plain = ImageDataGenerator(rescale=1 / 255)
    validation = plain.flow_from_directory(flags.folder / "validation", shuffle=False, **common)
    test = plain.flow_from_directory(flags.folder / "test", shuffle=False, **common)

    model = network(dropout=flags.recipe == "augmented")
    model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.RMSprop(1e-4), metrics=["accuracy"])
    with open(flags.out, "w", encoding="utf-8") as file:
        model.fit(forever(train), steps_per_epoch=STEPS, epochs=flags.epochs, validation_data=validation,
                  verbose=0, callbacks=[History(file)])
        loss, accuracy = model.evaluate(test, verbose=0)
        file.write(json.dumps({"event": "done", "keras": keras.__version__, "test": {"loss": loss, "accuracy": accuracy}}) + "\n")


if __name__ == "__main__":
    main()
