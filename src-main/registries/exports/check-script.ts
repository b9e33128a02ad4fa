/** The Python script that checks an export, the same for all formats but for how a model is loaded. */

/** What differs between formats. */
export interface CheckScript {
  /** What has to be imported besides Pillow and NumPy. */
  readonly imports: string;
  /**
   * The body of `load()`, not indented, that returns a function: from uint8 `[1, size, size, channels]` to one
   * probability per class, and the features that they are computed from (`None` where the format does not give them).
   * `HERE` is the folder of the export.
   */
  readonly load: string;
}

/** The names and versions that a script needs, for `requirements.txt`. */
export function requirements(...packages: readonly string[]): string {
  return `${[...packages, 'pillow>=10'].join('\n')}\n`;
}

function indented(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
}

/** The text of `check.py`. */
export function checkScript({ imports, load }: CheckScript): string {
  return `"""Checks this export, or predicts photos with it. It needs what requirements.txt beside it names.

    python check.py                  compares the golden photos with what the app said of them
    python check.py FOLDER --json    predicts the photos in a folder instead, one line of JSON each
"""

import argparse
import json
import pathlib
import sys

import numpy
from PIL import Image, ImageOps
${imports.trim()}

HERE = pathlib.Path(__file__).resolve().parent
ABOUT = json.loads((HERE / "export.json").read_text("utf-8"))
SIZE, CHANNELS = ABOUT["imageSize"], ABOUT["channels"]
LABELS = (HERE / "labels.txt").read_text("utf-8").rstrip("\\n").split("\\n")
CONFIDENCE = json.loads((HERE / "confidence.json").read_text("utf-8")) if (HERE / "confidence.json").exists() else {}
REFERENCE = numpy.load(HERE / CONFIDENCE["reference"]) if CONFIDENCE.get("reference") else None


def load():
    """Loads the model: a function from uint8 [1, size, size, channels] to probabilities, and features."""
${indented(load)}


def pixels_of(path):
    """A photo as the model takes it: upright, squashed to its size."""
    with Image.open(path) as photo:
        upright = ImageOps.exif_transpose(photo).convert("RGB" if CHANNELS == 3 else "L")
    if upright.size != (SIZE, SIZE):
        upright = upright.resize((SIZE, SIZE), Image.Resampling.BILINEAR, reducing_gap=1.0)
    return numpy.asarray(upright, numpy.uint8).reshape(1, SIZE, SIZE, CHANNELS)


def doubt_of(scores, features):
    """Whether "I don't know" is the better answer, why, and how far the photo is from the training photos (0 to 2)."""
    distance = None
    if REFERENCE is not None and features is not None:
        cosines = REFERENCE @ features / (numpy.linalg.norm(features) or 1)
        distance = max(0.0, 1 - float(numpy.sort(cosines)[::-1][:CONFIDENCE["neighbour"]][-1]))
    limits = (CONFIDENCE.get("classes") or {int(numpy.argmax(scores)): {}})[int(numpy.argmax(scores))]
    is_far = distance is not None and distance > (limits.get("distance") or numpy.inf)
    why = "distance" if is_far else "probability" if scores.max() < limits.get("probability", 0) else None
    return {"unknown": why is not None, "why": why, "distance": distance}


def check(predict):
    """Compares the golden photos. Returns whether all agree."""
    tolerance, largest = ABOUT["tolerance"], 0.0
    expected = json.loads((HERE / "golden" / "expected.json").read_text("utf-8"))
    for golden in expected:
        scores, features = predict(pixels_of(HERE / "golden" / golden["image"]))
        doubt = doubt_of(scores, features)
        wanted = numpy.array([golden["probabilities"][label] for label in LABELS])
        difference = float(numpy.max(numpy.abs(scores - wanted)))
        largest = max(largest, difference)
        moved = abs(doubt["distance"] - golden["distance"]) if doubt["distance"] is not None else 0
        agrees = difference <= tolerance and moved <= ABOUT["distanceTolerance"]
        print(f"{golden['image']}: {LABELS[int(numpy.argmax(scores))]}, difference {difference:.1e}"
              + ("" if agrees else f", more than {tolerance:.0e}: DOES NOT AGREE"))
        if not agrees:
            return False
    print(f"All {len(expected)} agree; the largest difference is {largest:.1e}.")
    return len(expected) > 0


def predict_folder(predict, folder, as_json):
    """Prints what the model says of each photo. Returns whether all could be read."""
    all_read = True
    for path in sorted(path for path in pathlib.Path(folder).rglob("*") if path.is_file()):
        try:
            scores, features = predict(pixels_of(path))
        except OSError as error:
            all_read = False
            line = {"image": str(path), "error": {"code": "IMAGE_UNREADABLE", "message": str(error)}}
        else:
            best = int(numpy.argmax(scores))
            probabilities = {label: float(score) for label, score in zip(LABELS, scores)}
            line = {"image": str(path), "label": LABELS[best], "probability": float(scores[best]),
                    "probabilities": probabilities, **doubt_of(scores, features)}
        if as_json:
            print(json.dumps(line), flush=True)
        else:
            words = f"{line['label']} {line['probability']:.1%}" if "label" in line else line["error"]["message"]
            print(f"{path}: {'I don’t know: ' if line.get('unknown') else ''}{words}", flush=True)
    return all_read


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\\n")[0])
    parser.add_argument("folder", nargs="?", help="photos to predict; without it the golden photos are checked")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each photo")
    arguments = parser.parse_args()
    model = load()
    done = check(model) if arguments.folder is None else predict_folder(model, arguments.folder, arguments.json)
    sys.exit(0 if done else 1)
`;
}
