"""OR-Tools' routing library on one problem: guided local search from one kind of first solution."""

import time

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

import request

problem, limits = request.read()
jobs, shifts = problem["jobs"], problem["shifts"]
if not problem["mustServe"] or any(shift["breaks"] or shift["end"] is None for shift in shifts):
    raise SystemExit("this problem has what the translation to OR-Tools leaves out")

# A node a job, then a node for each place where shifts start or end.
places = sorted({node for shift in shifts for node in (shift["start"], shift["end"])})
at = [job["node"] for job in jobs] + places
of_place = {node: len(jobs) + index for index, node in enumerate(places)}
service = [job["service"] for job in jobs] + [0] * len(places)
legs = problem["matrix"][at][:, at].tolist()
manager = pywrapcp.RoutingIndexManager(
    len(at), len(shifts), [of_place[shift["start"]] for shift in shifts], [of_place[shift["end"]] for shift in shifts]
)
routing = pywrapcp.RoutingModel(manager)
drive = routing.RegisterTransitMatrix(legs)
lasting = routing.RegisterTransitMatrix([[leg + service[row] for leg in line] for row, line in enumerate(legs)])
routing.SetArcCostEvaluatorOfAllVehicles(drive)
end = max(shift["until"] for shift in shifts)
routing.AddDimension(lasting, end, end, False, "time")
clock = routing.GetDimensionOrDie("time")
for index, job in enumerate(jobs):
    node = manager.NodeToIndex(index)
    clock.CumulVar(node).SetRange(job["windows"][0][0], min(end, job["windows"][0][1]))
    able = [vehicle for vehicle, shift in enumerate(shifts) if set(job["skills"]) <= set(shift["skills"])]
    if len(able) < len(shifts):
        # SetAllowedVehiclesForIndex takes no Python list in this version.
        routing.VehicleVar(node).SetValues(able)
for vehicle, shift in enumerate(shifts):
    clock.CumulVar(routing.Start(vehicle)).SetRange(shift["from"], shift["until"])
    clock.CumulVar(routing.End(vehicle)).SetRange(shift["from"], shift["until"])
    if shift["longest"] is not None:
        clock.SetSpanUpperBoundForVehicle(shift["longest"], vehicle)
for dimension in range(len(shifts[0]["capacity"])):
    amounts = routing.RegisterUnaryTransitVector([int(job["uses"][dimension]) for job in jobs] + [0] * len(places))
    rooms = [int(shift["capacity"][dimension]) for shift in shifts]
    routing.AddDimensionWithVehicleCapacity(amounts, 0, rooms, True, f"stock {dimension}")

how = pywrapcp.DefaultRoutingSearchParameters()
how.first_solution_strategy = getattr(routing_enums_pb2.FirstSolutionStrategy, limits["first"])
how.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
how.time_limit.FromMilliseconds(int(1000 * limits["seconds"]))
began = time.perf_counter()
found = routing.SolveWithParameters(how)
seconds = time.perf_counter() - began

sequences = None
if found is not None:
    sequences = []
    for vehicle in range(len(shifts)):
        index, jobs_of = routing.Start(vehicle), []
        while not routing.IsEnd(index):
            node = manager.IndexToNode(index)
            if node < len(jobs):
                jobs_of.append(node)
            index = found.Value(routing.NextVar(index))
        sequences.append(jobs_of)
request.answer(sequences, seconds)
