"""PyVRP on one problem with one seed. Jobs have one window, every job must be done, shifts start and end at one node."""

import time

import numpy
import pyvrp
from pyvrp.stop import MaxRuntime

import request

problem, limits = request.read()
jobs, shifts, matrix = problem["jobs"], problem["shifts"], problem["matrix"].astype(numpy.int64)
if not problem["mustServe"] or any(shift["breaks"] or shift["end"] != shift["start"] for shift in shifts):
    raise SystemExit("this problem has what the translation to PyVRP leaves out")

# A job that a shift has not the skills for is too far away for it, in a profile of its own.
TOO_FAR = 10 * max(shift["until"] for shift in shifts) + 1
profiles, of_profile = [], {}
for shift in shifts:
    key = tuple(sorted(shift["skills"]))
    if key in of_profile:
        continue
    of_profile[key] = len(profiles)
    mine = matrix.copy()
    for job in jobs:
        if not set(job["skills"]) <= set(key):
            mine[job["node"], :] = TOO_FAR
            mine[:, job["node"]] = TOO_FAR
    numpy.fill_diagonal(mine, 0)
    profiles.append(mine)

starts = sorted({shift["start"] for shift in shifts})
groups = {}
for index, shift in enumerate(shifts):
    key = (shift["start"], shift["from"], shift["until"], tuple(shift["capacity"]), tuple(sorted(shift["skills"])), shift["longest"])
    groups.setdefault(key, []).append(index)

vehicle_types = []
for (start, opens, closes, capacity, skills, longest), members in groups.items():
    more = {} if longest is None else {"shift_duration": longest}
    depot = starts.index(start)
    vehicle_types.append(
        pyvrp.VehicleType(
            len(members), list(capacity), depot, depot, tw_early=opens, tw_late=closes, profile=of_profile[skills], **more
        )
    )
data = pyvrp.ProblemData(
    [pyvrp.Location(0, 0) for _ in range(problem["size"])],
    [
        pyvrp.Client(
            job["node"],
            job["uses"],
            service_duration=job["service"],
            tw_early=job["windows"][0][0],
            tw_late=job["windows"][0][1],
        )
        for job in jobs
    ],
    [pyvrp.Depot(start) for start in starts],
    vehicle_types,
    profiles,
    profiles,
)
began = time.perf_counter()
result = pyvrp.solve(data, MaxRuntime(limits["seconds"]), seed=limits["seed"], collect_stats=False, display=False)
seconds = time.perf_counter() - began

sequences = None
if result.is_feasible():
    sequences = [[] for _ in shifts]
    free = [list(members) for members in groups.values()]
    for route in result.best.routes():
        sequences[free[route.vehicle_type()].pop(0)] = [stop.idx for stop in route.schedule() if stop.is_client()]
request.answer(sequences, seconds, result.num_iterations)
