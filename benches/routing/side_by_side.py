#!/usr/bin/env python3
"""Routing engines side by side on the same files, with the same budget, one thread each.

    python3 -m venv .venv && .venv/bin/pip install pyvroom pyvrp ortools vrp-cli
    .venv/bin/python benches/routing/side_by_side.py --aftercare "target/release/aftercare routing" \
        --seconds 1 5 --problems problem.json … [--solomon DIR] [--parts 25] \
        [--engines aftercare vroom pyvrp ortools pragmatic]

Budgets are seconds of processor time: engines that only know wall time are run again with a longer limit when other
work on the machine took more than a tenth of their time. `--parts N` cuts a large city into N parts of near engineers
and jobs, solved one after the other with a share of the budget each (for engines that do not get through undivided).

Problems are in the format of `aftercare routing solve` (generate some with `aftercare routing generate`).
Travel is computed once, here, and handed to all as a table. `left` is jobs left out / their priority, judged on
each engine's own plan; breaks are part of the model where the engine knows them (PyVRP does not: its rows are
marked, and its plans ignore lunch). Prints one line per problem, budget and engine, then a table.
"""
import argparse, json, math, pathlib, subprocess, sys, tempfile, time

import numpy as np


def travel_table(problem):
    t, places = problem["travel"], problem["places"]
    if t["kind"] == "matrix":
        return np.array(t["seconds"], dtype=np.int64)
    if t["kind"] == "euclidean":
        xy = np.array([[p["x"], p["y"]] for p in places], dtype=float)
        d = np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(-1)) * t.get("scale", 1)
    else:
        lat = np.radians([p["lat"] for p in places])
        lon = np.radians([p["lon"] for p in places])
        h = np.sin((lat[:, None] - lat[None]) / 2) ** 2
        h = h + np.cos(lat)[:, None] * np.cos(lat)[None] * np.sin((lon[:, None] - lon[None]) / 2) ** 2
        d = 2 * 6371000 * np.arcsin(np.sqrt(np.minimum(h, 1))) * t.get("factor", 1) / (t["kmh"] / 3.6)
    rounding = {"floor": np.floor, "ceil": np.ceil, "round": lambda v: np.floor(v + 0.5)}
    return rounding[t.get("rounding", "round")](d).astype(np.int64)


def fair(run, seconds):
    """Runs `run(limit)` until it has had its processor time; engines that finish by themselves are done."""
    limit = seconds
    for _ in range(4):
        wall, cpu = time.time(), time.process_time()
        result = run(limit)
        wall, cpu = time.time() - wall, time.process_time() - cpu
        if wall < 0.95 * limit or cpu >= 0.9 * seconds:
            break
        limit *= min(4, seconds / max(cpu, 0.05))
    return result


class Facts:
    """What every engine needs, by numbers."""

    def __init__(self, path, problem=None):
        self.path = path
        self.problem = p = problem or json.loads(pathlib.Path(path).read_text())
        # All pairs of a large city would not fit; it is cut first.
        self.table = travel_table(p) if len(p["places"]) <= 3000 else None
        self.place = {x["id"]: i for i, x in enumerate(p["places"])}
        self.jobs, self.engineers = p["jobs"], p["engineers"]
        self.needs = [self.tags(j) for j in self.jobs]

    def tags(self, job):
        return [("s", s, g) for s, g in job.get("skills", {}).items()] + [("p", x, 0) for x in job.get("parts", [])]

    def has(self, engineer, tag):
        kind, name, grade = tag
        if kind == "p":
            return name in engineer.get("parts", [])
        return engineer.get("skills", {}).get(name, 0) >= grade

    def result(self, served, travel):
        left = [j for i, j in enumerate(self.jobs) if i not in served]
        return len(left), sum(j.get("priority", 1) for j in left), int(travel)


def aftercare(facts, seconds, binary):
    with tempfile.TemporaryDirectory() as tmp:
        out = pathlib.Path(tmp) / "plan.json"
        subprocess.run(
            [*binary.split(), "solve", "--problem", str(facts.path), "--seconds", str(seconds), "--threads", "1",
             "--cpu", "--out", str(out), "--quiet"],
            check=True,
        )
        a = json.loads(out.read_text())
    return len(a["unassigned"]), a["unassigned_priority"], a["travel_seconds"]


def vroom_once(facts, seconds, level):
    import datetime
    import vroom

    tags = {}
    number = lambda t: tags.setdefault(t, len(tags) + 1)
    v = vroom.Input()
    v.set_durations_matrix(profile="car", matrix_input=facts.table.astype(np.uint32))
    for i, j in enumerate(facts.jobs):
        v.add_job(vroom.Job(
            i, location=facts.place[j["place"]], default_service=int(j.get("duration", 0)),
            delivery=[int(j.get("demand", 0))], skills={number(t) for t in facts.needs[i]},
            priority=min(100, int(j.get("priority", 1))),
            time_windows=[vroom.TimeWindow(int(a), int(b)) for a, b in j["windows"]]))
    for i, e in enumerate(facts.engineers):
        s = e["shifts"][0]
        v.add_vehicle(vroom.Vehicle(
            i, start=facts.place[e["start"]], end=facts.place[e["end"]], profile="car",
            capacity=[int(e.get("capacity", 10**6))], skills={n for t, n in tags.items() if facts.has(e, t)},
            time_window=vroom.TimeWindow(int(s["from"]), int(s["to"])),
            breaks=[vroom.Break(k, [vroom.TimeWindow(int(b["from"]), int(b["to"]))], int(b["duration"]))
                    for k, b in enumerate(s.get("breaks", []))]))
    limit = datetime.timedelta
    solution = fair(lambda s: v.solve(exploration_level=level, nb_threads=1, timeout=limit(seconds=s)), seconds)
    routes = solution.routes
    served = {int(i) for i in routes[routes["type"] == "job"]["id"]}
    return facts.result(served, solution.summary.cost)


def vroom(facts, seconds, _):
    """The best of three levels of exploration, each with the whole budget."""
    tried = [vroom_once(facts, seconds, level) for level in (0, 2, 5)]
    return min(tried, key=lambda r: (r[1], r[2]))


def pyvrp(facts, seconds, _):
    """Breaks are left out: PyVRP has none. Skills are profiles; priorities are prizes."""
    import pyvrp

    began = time.process_time()
    stop = lambda _: time.process_time() - began > seconds

    big = int(facts.table.max()) * 10 + 10**5
    depots = {}
    for e in facts.engineers:
        depots.setdefault(facts.place[e["start"]], len(depots))
    at = list(depots) + [facts.place[j["place"]] for j in facts.jobs]
    base = facts.table[np.ix_(at, at)]
    kinds, matrices, types = {}, [], {}
    for e in facts.engineers:
        can = tuple(all(facts.has(e, t) for t in need) for need in facts.needs)
        if can not in kinds:
            kinds[can] = len(matrices)
            m = base.copy()
            for i, ok in enumerate(can):
                if not ok:
                    k = len(depots) + i
                    m[:, k] = m[k, :] = 2**40
            np.fill_diagonal(m, 0)
            matrices.append(m)
        s = e["shifts"][0]
        key = (depots[facts.place[e["start"]]], kinds[can], s["from"], s["to"], e.get("capacity", 10**6))
        types[key] = types.get(key, 0) + 1
    first = len(depots)
    clients = [pyvrp.Client(first + i, delivery=[int(j.get("demand", 0))], service_duration=int(j.get("duration", 0)),
                            tw_early=int(j["windows"][0][0]), tw_late=int(j["windows"][0][1]),
                            prize=big * int(j.get("priority", 1)), required=False)
               for i, j in enumerate(facts.jobs)]
    vehicles = [pyvrp.VehicleType(n, [int(c)], d, d, tw_early=int(a), tw_late=int(b), profile=k)
                for (d, k, a, b, c), n in types.items()]
    data = pyvrp.ProblemData([pyvrp.Location(0, 0) for _ in at], clients, [pyvrp.Depot(d) for d in range(first)],
                             vehicles, matrices, matrices)
    found = pyvrp.solve(data, stop=stop, display=False, collect_stats=False).best
    if not found.is_feasible():
        return None
    served = {a.idx for r in found.routes() for a in r.schedule() if a.is_client()}
    return facts.result(served, found.distance())


def ortools(facts, seconds, _):
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2 as enums

    n, m = len(facts.jobs), len(facts.engineers)
    starts = [facts.place[e["start"]] for e in facts.engineers]
    at = [facts.place[j["place"]] for j in facts.jobs] + starts
    table = facts.table[np.ix_(at, at)].tolist()
    service = [int(j.get("duration", 0)) for j in facts.jobs] + [0] * m
    demand = [int(j.get("demand", 0)) for j in facts.jobs] + [0] * m
    manager = pywrapcp.RoutingIndexManager(n + m, m, list(range(n, n + m)), list(range(n, n + m)))
    routing = pywrapcp.RoutingModel(manager)
    node = manager.IndexToNode
    cost = routing.RegisterTransitCallback(lambda a, b: table[node(a)][node(b)])
    routing.SetArcCostEvaluatorOfAllVehicles(cost)
    time_of = routing.RegisterTransitCallback(lambda a, b: service[node(a)] + table[node(a)][node(b)])
    horizon = int(max(e["shifts"][0]["to"] for e in facts.engineers)) + 1
    routing.AddDimension(time_of, horizon, horizon, False, "time")
    clock = routing.GetDimensionOrDie("time")
    load = routing.RegisterUnaryTransitCallback(lambda a: demand[node(a)])
    routing.AddDimensionWithVehicleCapacity(
        load, 0, [int(e.get("capacity", 10**6)) for e in facts.engineers], True, "load")
    big = int(facts.table.max()) * 20 + 10**5
    for i, j in enumerate(facts.jobs):
        index = manager.NodeToIndex(i)
        clock.CumulVar(index).SetRange(int(j["windows"][0][0]), int(j["windows"][0][1]))
        able = [k for k, e in enumerate(facts.engineers) if all(facts.has(e, t) for t in facts.needs[i])]
        routing.VehicleVar(index).SetValues([-1] + able)
        routing.AddDisjunction([index], big * int(j.get("priority", 1)))
    solver = routing.solver()
    waits = [service[i] for i in range(n + m)]
    for k, e in enumerate(facts.engineers):
        s = e["shifts"][0]
        clock.CumulVar(routing.Start(k)).SetRange(int(s["from"]), int(s["to"]))
        clock.CumulVar(routing.End(k)).SetRange(int(s["from"]), int(s["to"]))
        pauses = [solver.FixedDurationIntervalVar(int(b["from"]), int(b["to"]), int(b["duration"]), False, "")
                  for b in s.get("breaks", [])]
        if pauses:
            clock.SetBreakIntervalsOfVehicle(pauses, k, [waits[node(i)] if i < n else 0 for i in range(routing.Size())])
    p = pywrapcp.DefaultRoutingSearchParameters()
    p.first_solution_strategy = enums.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    p.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH

    def run(limit):
        p.time_limit.FromMilliseconds(int(limit * 1000))
        return routing.SolveWithParameters(p)

    found = fair(run, seconds)
    if found is None:
        return None
    served, travel = set(), 0
    for k in range(m):
        i = routing.Start(k)
        while not routing.IsEnd(i):
            after = found.Value(routing.NextVar(i))
            travel += table[node(i)][node(after)]
            if not routing.IsEnd(after):
                served.add(node(after))
            i = after
    return facts.result(served, travel)


def pragmatic(facts, seconds, _):
    """Breaks may be skipped there, at a price; grades are skills of their own."""
    import datetime
    import vrp_cli

    stamp = lambda t: datetime.datetime.fromtimestamp(int(t), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    name = lambda t: f"{t[0]}-{t[1]}-{t[2]}"
    tags = {t for need in facts.needs for t in need}
    jobs = []
    for i, j in enumerate(facts.jobs):
        place = {"location": {"index": facts.place[j["place"]]}, "duration": int(j.get("duration", 0)),
                 "times": [[stamp(a), stamp(b)] for a, b in j["windows"]]}
        job = {"id": str(i), "services": [{"places": [place]}], "value": int(j.get("priority", 1))}
        if j.get("demand"):
            job = {**job, "deliveries": [{"places": [place], "demand": [int(j["demand"])]}]}
            del job["services"]
        if facts.needs[i]:
            job["skills"] = {"allOf": [name(t) for t in facts.needs[i]]}
        jobs.append(job)
    vehicles = []
    for i, e in enumerate(facts.engineers):
        s = e["shifts"][0]
        at = lambda place: {"index": facts.place[place]}
        shift = {"start": {"earliest": stamp(s["from"]), "location": at(e["start"])},
                 "end": {"latest": stamp(s["to"]), "location": at(e["end"])}}
        if s.get("breaks"):
            shift["breaks"] = [{"time": [stamp(b["from"]), stamp(b["to"])],
                                "places": [{"duration": int(b["duration"])}]} for b in s["breaks"]]
        vehicles.append({"typeId": f"t{i}", "vehicleIds": [f"v{i}"], "profile": {"matrix": "car"},
                         "costs": {"fixed": 0, "distance": 0, "time": 1}, "shifts": [shift],
                         "capacity": [int(e.get("capacity", 10**6))],
                         "skills": [name(t) for t in sorted(tags) if facts.has(e, t)]})
    problem = {"plan": {"jobs": jobs}, "fleet": {"vehicles": vehicles, "profiles": [{"name": "car"}]},
               "objectives": [[{"type": "maximize-value"}], [{"type": "minimize-unassigned"}], [{"type": "minimize-cost"}]]}
    flat = facts.table.flatten().tolist()
    matrix = {"profile": "car", "travelTimes": flat, "distances": flat}

    def run(limit):
        config = {"termination": {"maxTime": max(1, round(limit))},
                  "environment": {"parallelism": {"numThreadPools": 1, "threadsPerPool": 1}}}
        return vrp_cli.solve_pragmatic(problem=json.dumps(problem), matrices=[json.dumps(matrix)],
                                       config=json.dumps(config))

    found = json.loads(fair(run, seconds))
    served = {int(a["jobId"]) for t in found.get("tours", []) for s in t["stops"] for a in s["activities"]
              if a["type"] in ("service", "delivery")}
    return facts.result(served, found["statistic"]["times"]["driving"])


def parts_of(facts, count):
    """Near engineers and jobs together: halves by the longer side, engineers and jobs in proportion."""
    where = {p["id"]: (p.get("lat", p.get("y")), p.get("lon", p.get("x"))) for p in facts.problem["places"]}
    home, site = lambda e: where[e["start"]], lambda j: where[j["place"]]

    def halves(engineers, jobs, n):
        if n == 1:
            return [(engineers, jobs)]
        sides = [max(c) - min(c) for c in zip(*map(site, jobs))]
        axis, left = sides.index(max(sides)), n // 2
        engineers = sorted(engineers, key=lambda e: home(e)[axis])
        jobs = sorted(jobs, key=lambda j: site(j)[axis])
        e, j = len(engineers) * left // n, len(jobs) * left // n
        return halves(engineers[:e], jobs[:j], left) + halves(engineers[e:], jobs[j:], n - left)

    for engineers, jobs in halves(facts.engineers, facts.jobs, count):
        used = {e["start"] for e in engineers} | {e["end"] for e in engineers} | {j["place"] for j in jobs}
        places = [p for p in facts.problem["places"] if p["id"] in used]
        yield {**facts.problem, "places": places, "engineers": engineers, "jobs": jobs}


def in_parts(engine, facts, seconds, count):
    left = weight = travel = 0
    for problem in parts_of(facts, count):
        r = engine(Facts(facts.path, problem), seconds / count, None)
        r = r or (len(problem["jobs"]), sum(j.get("priority", 1) for j in problem["jobs"]), 0)
        left, weight, travel = left + r[0], weight + r[1], travel + r[2]
    return left, weight, travel


ENGINES = {"aftercare": aftercare, "vroom": vroom, "pyvrp": pyvrp, "ortools": ortools, "pragmatic": pragmatic}


def solomon(path, folder):
    rows, fleet = [], None
    for line in path.read_text().splitlines():
        f = line.split()
        if len(f) == 2 and f[0].isdigit():
            fleet = (int(f[0]), int(f[1]))
        if len(f) == 7 and f[0].isdigit():
            rows.append([int(float(x)) for x in f])
    problem = {
        "places": [{"id": str(r[0]), "x": r[1], "y": r[2]} for r in rows],
        "travel": {"kind": "euclidean", "scale": 10, "rounding": "floor"},
        "engineers": [{"id": f"v{v}", "start": "0", "end": "0", "capacity": fleet[1],
                       "shifts": [{"from": 0, "to": rows[0][5] * 10}]} for v in range(fleet[0])],
        "jobs": [{"id": f"c{r[0]}", "place": str(r[0]), "duration": r[6] * 10, "demand": r[3],
                  "windows": [[r[4] * 10, r[5] * 10]]} for r in rows[1:]],
    }
    out = folder / (path.stem + ".json")
    out.write_text(json.dumps(problem))
    return out


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--aftercare", default="target/release/aftercare routing", help="the command")
    a.add_argument("--seconds", type=float, nargs="+", default=[1, 5])
    a.add_argument("--problems", type=pathlib.Path, nargs="*", default=[])
    a.add_argument("--solomon", type=pathlib.Path, help="folder with VRPTW text files")
    a.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    a.add_argument("--parts", type=int, default=1, help="cut for the other engines")
    args = a.parse_args()
    with tempfile.TemporaryDirectory() as tmp:
        files = list(args.problems)
        if args.solomon:
            files += [solomon(p, pathlib.Path(tmp)) for p in sorted(args.solomon.glob("*.txt"))]
        table = []
        for path in files:
            facts = Facts(path)
            for seconds in args.seconds:
                cells = []
                for name in args.engines:
                    began = time.time()
                    try:
                        if args.parts > 1 and name != "aftercare":
                            r = in_parts(ENGINES[name], facts, seconds, args.parts)
                        else:
                            r = ENGINES[name](facts, seconds, args.aftercare)
                        cell = "none" if r is None else f"{r[0]}/{r[1]} · {r[2]}"
                    except Exception as e:  # an engine that fails is a result, too
                        cell = f"error: {type(e).__name__} {e}"[:60]
                    print(f"{path.stem} {seconds:g} s {name}: {cell} ({time.time() - began:.1f} s)", file=sys.stderr, flush=True)
                    cells.append(cell)
                table.append((path.stem, f"{seconds:g} s", *cells))
    print("| problem | budget | " + " | ".join(args.engines) + " |")
    print("|---" * (2 + len(args.engines)) + "|")
    for row in table:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
