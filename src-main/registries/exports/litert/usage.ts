/** How a LiteRT file is used: on a Raspberry Pi, on Android, in MediaPipe. */
import type { OutgoingModel } from '../../../engine/exports/export-format.ts';
import { litertFeatures, litertInput, litertOutput } from '../../../engine/litert/write-litert.ts';

/** What a file takes: values from 0 to 255 in any case. */
export type PixelType = 'float32' | 'uint8';

/** How Kotlin puts a pixel into a buffer. */
function putPixel(grey: boolean, type: PixelType): string {
  const put = (value: string): string =>
    type === 'uint8' ? `.put((${value}).toInt().toByte())` : `.putFloat((${value}).toFloat())`;
  return grey
    ? put('0.299f * red + 0.587f * green + 0.114f * blue')
    : ['red', 'green', 'blue'].map((colour) => put(colour).replace(`(${colour})`, colour)).join('');
}

/** That part of the README. */
export function litertUsage(
  { imageSize, channels }: OutgoingModel,
  fileName: string,
  type: PixelType,
): string {
  const grey = channels === 1;
  const bytes = type === 'uint8' ? '' : '4 * ';
  return `## How to use it

\`${fileName}\` takes \`${litertInput}\`, ${type} from 0 to 255, one photo at a time, and gives \`${litertOutput}\`, then
\`${litertFeatures}\`: the numbers that they are computed from. Its metadata holds
the class names, as MediaPipe and the libraries for phones expect it.

\`\`\`sh
pip install -r requirements.txt
python check.py                  # compares the golden photos
python check.py FOLDER --json    # predicts a folder of photos
python example.py photo.jpg
\`\`\`

### Raspberry Pi

The same, on Raspberry Pi OS with 64 bits. With its camera:

\`\`\`python
import numpy
from ai_edge_litert.interpreter import Interpreter
from picamera2 import Picamera2
from PIL import Image

labels = open("labels.txt", encoding="utf-8").read().splitlines()
run = Interpreter("${fileName}", num_threads=4).get_signature_runner()
camera = Picamera2()
camera.start()
while True:
    photo = camera.capture_image().convert("${grey ? 'L' : 'RGB'}").resize((${imageSize}, ${imageSize}), Image.Resampling.BILINEAR)
    image = numpy.asarray(photo, numpy.${type}).reshape(1, ${imageSize}, ${imageSize}, ${channels})
    scores = run(${litertInput}=image)["${litertOutput}"][0]
    print(labels[scores.argmax()], f"{scores.max():.1%}")
\`\`\`

### Android

Put \`${fileName}\` and \`labels.txt\` into \`app/src/main/assets\`, and add
\`implementation("com.google.ai.edge.litert:litert:1.4.0")\` to \`build.gradle.kts\`.

\`\`\`kotlin
import android.content.Context
import android.graphics.Bitmap
import java.nio.ByteBuffer
import java.nio.ByteOrder
import org.tensorflow.lite.Interpreter

class Classifier(context: Context) {
    private val labels = context.assets.open("labels.txt").bufferedReader().readLines()
    private val interpreter = context.assets.open("${fileName}").use { file ->
        val bytes = file.readBytes()
        Interpreter(ByteBuffer.allocateDirect(bytes.size).order(ByteOrder.nativeOrder()).put(bytes))
    }

    /** @param photo upright; squashed to ${imageSize}×${imageSize}, whatever its shape. */
    fun predict(photo: Bitmap): Map<String, Float> {
        val small = squashed(photo)
        val image = ByteBuffer.allocateDirect(${bytes}${imageSize} * ${imageSize} * ${channels}).order(ByteOrder.nativeOrder())
        val pixels = IntArray(${imageSize} * ${imageSize})
        small.getPixels(pixels, 0, ${imageSize}, 0, 0, ${imageSize}, ${imageSize})
        for (pixel in pixels) {
            val (red, green, blue) = listOf(pixel shr 16 and 255, pixel shr 8 and 255, pixel and 255)
            image${putPixel(grey, type)}
        }
        val scores = Array(1) { FloatArray(labels.size) }
        interpreter.run(image.rewind(), scores)
        return labels.zip(scores[0].toList()).toMap()
    }

    /** In halves: Android looks at four pixels only, and would leave most of a large photo out. */
    private fun squashed(photo: Bitmap): Bitmap {
        var small = photo
        while (small.width > 2 * ${imageSize} || small.height > 2 * ${imageSize})
            small = Bitmap.createScaledBitmap(
                small, maxOf(${imageSize}, small.width / 2), maxOf(${imageSize}, small.height / 2), true)
        return Bitmap.createScaledBitmap(small, ${imageSize}, ${imageSize}, true)
    }
}
\`\`\`

MediaPipe's \`ImageClassifier\` loads the file as it is (\`com.google.mediapipe:tasks-vision\`, \`mediapipe\` for Python); its
first head is \`${litertOutput}\`.
`;
}
