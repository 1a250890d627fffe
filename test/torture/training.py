"""Opens every training file of a log folder as its users would, and prints the samples as one JSON list of [path, id, features, label, time]."""

import gzip
import hashlib
import json
import os
import pickle
import sys

import numpy as np

root = sys.argv[1]
TOPS = ["", "archive"]
rows = []


def read_npz(path):
    with np.load(path, allow_pickle=False) as arrays:
        features, label, times, ids = (arrays[name] for name in ("features", "label", "ts_ns", "id"))
    assert features.dtype == np.float32 and times.dtype == np.int64, path
    assert len(features) == len(label) == len(times) == len(ids), path
    return zip(ids.tolist(), features.tolist(), label.tolist(), (str(time) for time in times))


def content(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        return file.read()


def read_pkl(path):
    samples = pickle.loads(content(path))
    return ((each["id"], each["features"], each["label"], each["ts"]) for each in samples)


def check_manifest(path, name, samples):
    described = os.path.splitext(name)[0] + ".json"
    # It goes to the archive before its file does.
    places = [os.path.join(root, top, "training", described) for top in TOPS]
    with open(next(place for place in places if os.path.exists(place)), encoding="utf-8") as file:
        manifest = json.load(file)
    digest = hashlib.sha256(content(path)).hexdigest()
    assert manifest["sha256"] == digest and manifest["file"] == os.path.basename(name), path
    assert manifest["samples"] == len(samples) == sum(manifest["containers"].values()), path


# A compressed file and what it was made of may stand side by side until retention runs again.
files = {}
for top in TOPS:
    folder = os.path.join(root, top, "training")
    for parent, _, names in os.walk(folder):
        for each in names:
            path = os.path.join(parent, each)
            name = os.path.relpath(path, folder).removesuffix(".gz")
            if name.endswith(".json"):
                continue
            assert name not in files or content(files[name]) == content(path), path
            files[name] = path

for name, path in sorted(files.items()):
    read = read_npz if name.endswith(".npz") else read_pkl
    samples = [[name, *sample] for sample in read(path)]
    assert samples, path + " is empty"
    check_manifest(path, name, samples)
    rows += samples

json.dump(rows, sys.stdout)
