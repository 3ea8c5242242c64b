"""The problem that a bench has written: figures as JSON, travel times as 32-bit whole numbers beside it."""

import json
import sys

import numpy


def read():
    """The problem (its matrix as a square array) and the limits of this run."""
    with open(sys.argv[1]) as file:
        problem = json.load(file)
    cells = numpy.fromfile(problem["matrix"], dtype=numpy.int32)
    problem["matrix"] = cells.reshape(problem["size"], problem["size"])
    return problem, json.load(sys.stdin)


def answer(sequences, seconds, iterations=None):
    """Tells jobs by shift (None: nothing valid was found) and how long it took."""
    json.dump({"sequences": sequences, "seconds": seconds, "iterations": iterations}, sys.stdout)
