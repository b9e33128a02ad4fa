"""A job of Lenslet on a Ray cluster: runs the network of a set of shards on every photo in them.

It needs ray[data] and what requirements.txt names. Results and progress are lines of its log that begin with
`lenslet-`; everything else there is for people. `--into FOLDER` writes results.jsonl into a folder instead.
"""

import argparse
import base64
import importlib.util
import io
import json
import os
import sys
import tarfile

PACKAGES = ("numpy", "PIL", "onnxruntime", "ray", "pyarrow")


def say(kind, value):
    """A line of the log that Lenslet reads; written at once, so that no other line comes between."""
    os.write(1, f"lenslet-{kind} {json.dumps(value)}\n".encode())


def missing_packages(names=PACKAGES):
    """The packages that this machine has not."""
    return [name for name in names if importlib.util.find_spec(name) is None]


def find(name, folder):
    """A file of the shards: in their folder, or in a package that Ray has unpacked beside this one."""
    for place in [folder, *sys.path]:
        path = os.path.join(place or ".", name)
        if os.path.isfile(path):
            return path
    raise FileNotFoundError(f"{name} is not on this machine")


def decode(content, size, channels):
    """The pixels of a PNG, [size, size, channels] from 0 to 255."""
    import numpy
    from PIL import Image

    image = Image.open(io.BytesIO(content)).convert("L" if channels == 1 else "RGB")
    pixels = numpy.asarray(image, dtype=numpy.uint8).reshape(image.height, image.width, channels)
    if pixels.shape[:2] != (size, size):
        raise ValueError(f"{image.width}x{image.height} pixels, where {size}x{size} are wanted")
    return pixels


def photos_of(path, size, channels):
    """The photos of an archive, with what is wrong with those that cannot be read."""
    import numpy

    with tarfile.open(path, "r|") as archive:
        for entry in archive:
            key, ending = os.path.splitext(os.path.basename(entry.name))
            if ending != ".png":
                continue
            try:
                pixels, error = decode(archive.extractfile(entry).read(), size, channels), ""
            except Exception as problem:  # whatever a damaged picture raises
                pixels, error = numpy.zeros((size, size, channels), numpy.uint8), str(problem) or repr(problem)
            yield {"hash": key, "pixels": pixels, "error": error}


class Network:
    """The network, open; one in each actor."""

    def __init__(self, model, folder, gpu, threads):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        wanted = ["CUDAExecutionProvider", "CPUExecutionProvider"] if gpu else ["CPUExecutionProvider"]
        providers = [one for one in wanted if one in onnxruntime.get_available_providers()]
        self.session = onnxruntime.InferenceSession(find(model["file"], folder), options, providers=providers)
        self.model = model

    def run(self, pixels):
        """float32 [batch, length]"""
        (values,) = self.session.run([self.model["output"]], {self.model["input"]: pixels})
        return values.reshape(len(pixels), -1).astype("<f4", copy=False)

    def __call__(self, batch):
        import numpy

        values = self.run(numpy.stack(list(batch["pixels"])))
        return {"hash": batch["hash"], "error": batch["error"], "values": values}


def line(model, key, values, error=""):
    """A line of results."""
    about = {"hash": str(key), "model": model["id"]}
    if error:
        return {**about, "error": str(error)}
    return {**about, "values": base64.b64encode(values.tobytes()).decode()}


def golden_difference(record, folder, gpu):
    """The largest difference from what the computer at home says of the golden photos, and what is allowed."""
    import numpy

    model, golden = record["model"], record["golden"]
    network = Network(model, folder, gpu, 1)
    largest, allowed = 0.0, golden["tolerance"]
    with open(find(golden["file"], folder), encoding="utf-8") as lines:
        for text in lines:
            expected = json.loads(text)
            wanted = numpy.frombuffer(base64.b64decode(expected["values"]), "<f4")
            with open(find(f"golden/{expected['hash']}.png", folder), "rb") as photo:
                pixels = decode(photo.read(), model["imageSize"], model["channels"])
            difference = float(numpy.max(numpy.abs(network.run(pixels[None])[0] - wanted)))
            largest = max(largest, difference)
            allowed = max(allowed, golden["tolerance"] * float(numpy.max(numpy.abs(wanted))))
    return largest, allowed


def results_of(record, folder, options):
    """Yields the results of all photos, in whatever order they are ready."""
    import ray
    import ray.data

    model = record["model"]
    size, channels = model["imageSize"], model["channels"]
    cluster = ray.cluster_resources()
    gpu = options.gpus > 0
    most = cluster.get("GPU", 0) / options.gpus if gpu else cluster.get("CPU", 1) / (2 * options.cpus)
    actors = options.actors or max(1, int(most))

    def read(row):
        yield from photos_of(find(row["shard"], folder), size, channels)

    shards = [{"shard": shard["file"]} for shard in record["shards"]]
    # Readers take what networks leave, or both would wait for each other on one core.
    photos = ray.data.from_items(shards, override_num_blocks=len(shards)).flat_map(read, num_cpus=options.cpus / 2)
    computed = photos.map_batches(
        Network,
        fn_constructor_args=(model, folder, gpu, 1),
        batch_size=32,
        num_cpus=None if gpu else options.cpus,
        num_gpus=options.gpus if gpu else None,
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=actors),
    )
    for batch in computed.iter_batches(batch_size=None):
        for key, error, values in zip(batch["hash"], batch["error"], batch["values"]):
            yield line(model, key, values, error)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shards", default=".", help="the folder with shards.json")
    parser.add_argument("--into", default="", help="a folder for results.jsonl; without it they go into the log")
    parser.add_argument("--cpus", type=float, default=0.5, help="cores that an actor reserves")
    parser.add_argument("--gpus", type=float, default=0, help="part of a GPU that an actor takes")
    parser.add_argument("--actors", type=int, default=0, help="how many networks; as many as fit when 0")
    options = parser.parse_args()
    missing = missing_packages()
    if missing:
        say("missing", missing)
        return 3
    import ray
    import ray.data

    ray.init(log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    with open(find("shards.json", options.shards), encoding="utf-8") as text:
        record = json.load(text)
    resources = {"num_gpus": options.gpus} if options.gpus > 0 else {"num_cpus": options.cpus}
    check = ray.remote(**resources)(golden_difference)
    difference, allowed = ray.get(check.remote(record, options.shards, options.gpus > 0))
    say("golden", {"difference": difference, "allowed": allowed})
    if not difference <= allowed:
        return 4
    total = record["photos"]
    done = 0
    into = os.path.join(options.into, "results.jsonl")
    target = open(f"{into}.part", "w", encoding="utf-8") if options.into else None
    for result in results_of(record, options.shards, options):
        if target:
            target.write(f"{json.dumps(result)}\n")
        else:
            say("result", result)
        done += 1
        if done % 32 == 0 or done == total:
            say("progress", {"done": done, "total": total})
    if target:
        target.close()
        os.replace(f"{into}.part", into)
    say("done", {"photos": done})
    return 0


if __name__ == "__main__":
    sys.exit(main())
