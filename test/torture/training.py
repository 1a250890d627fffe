"""Opens every training file as its users would, and prints the samples as one JSON list of [path, id, features, label, time]."""

import hashlib
import json
import os
import pickle
import sys

import numpy as np

root = sys.argv[1]
rows = []


def read_npz(path):
    with np.load(path, allow_pickle=False) as arrays:
        features, label, times, ids = (arrays[name] for name in ("features", "label", "ts_ns", "id"))
    assert features.dtype == np.float32 and times.dtype == np.int64, path
    assert len(features) == len(label) == len(times) == len(ids), path
    return zip(ids.tolist(), features.tolist(), label.tolist(), (str(time) for time in times))


def read_pkl(path):
    with open(path, "rb") as file:
        samples = pickle.load(file)
    return ((each["id"], each["features"], each["label"], each["ts"]) for each in samples)


def check_manifest(path, samples):
    with open(os.path.splitext(path)[0] + ".json", encoding="utf-8") as file:
        manifest = json.load(file)
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    assert manifest["sha256"] == digest and manifest["file"] == os.path.basename(path), path
    assert manifest["samples"] == len(samples) == sum(manifest["containers"].values()), path


for folder, _, names in os.walk(root):
    for name in sorted(names):
        path = os.path.join(folder, name)
        if name.endswith(".json"):
            continue
        read = read_npz if name.endswith(".npz") else read_pkl
        samples = [[os.path.relpath(path, root), *sample] for sample in read(path)]
        assert samples, path + " is empty"
        check_manifest(path, samples)
        rows += samples

json.dump(rows, sys.stdout)
