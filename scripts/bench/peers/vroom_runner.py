"""VROOM on one problem at one exploration level."""

import datetime
import time

import vroom

import request

problem, limits = request.read()
question = vroom.Input()
question.set_durations_matrix("car", problem["matrix"])
question.add_vehicle(
    [
        vroom.Vehicle(
            index + 1,
            start=shift["start"],
            end=shift["end"],
            capacity=shift["capacity"],
            skills=set(shift["skills"]),
            time_window=[shift["from"], shift["until"]],
            breaks=[
                vroom.Break(number + 1, [vroom.TimeWindow(*pause["window"])], pause["length"])
                for number, pause in enumerate(shift["breaks"])
            ],
        )
        for index, shift in enumerate(problem["shifts"])
    ]
)
question.add_job(
    [
        vroom.Job(
            index + 1,
            job["node"],
            default_service=job["service"],
            delivery=job["uses"],
            skills=set(job["skills"]),
            priority=job["priority"],
            time_windows=[vroom.TimeWindow(*window) for window in job["windows"]],
        )
        for index, job in enumerate(problem["jobs"])
    ]
)
# No seconds: it takes the time it takes.
limit = datetime.timedelta(seconds=limits["seconds"]) if "seconds" in limits else None
began = time.perf_counter()
found = question.solve(limits["level"], limits["threads"], limit)
seconds = time.perf_counter() - began

sequences = [[] for _ in problem["shifts"]]
steps = found.routes
for vehicle, kind, job in zip(steps["vehicle_id"], steps["type"], steps["id"]):
    if kind == "job":
        sequences[int(vehicle) - 1].append(int(job) - 1)
request.answer(sequences, seconds)
