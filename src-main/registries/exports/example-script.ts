/** The Python script that predicts one photo, the same for all formats but for how a model is loaded and asked. */
import type { OutgoingModel } from '../../engine/exports/export-format.ts';

/** What differs between formats. */
export interface ExampleScript {
  /** What has to be imported besides Pillow and NumPy. */
  readonly imports: string;
  /** Lines that load the model, and set `scores` to the probabilities of `image`. `here` is the folder of the export. */
  readonly predict: string;
}

/** The text of `example.py`. */
export function exampleScript(
  { imageSize, channels }: OutgoingModel,
  { imports, predict }: ExampleScript,
): string {
  return `"""Predicts one photo: python example.py photo.jpg"""

import pathlib
import sys

import numpy
${imports.trim()}
from PIL import Image, ImageOps

here = pathlib.Path(__file__).resolve().parent
labels = (here / "labels.txt").read_text("utf-8").rstrip("\\n").split("\\n")
photo = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("${channels === 3 ? 'RGB' : 'L'}")
pixels = numpy.asarray(photo.resize((${imageSize}, ${imageSize}), Image.Resampling.BILINEAR, reducing_gap=1.0))
image = pixels.reshape(1, ${imageSize}, ${imageSize}, ${channels})

${predict.trim()}
for place in numpy.argsort(scores)[::-1][:3]:
    print(f"{labels[place]}: {scores[place]:.1%}")
`;
}
