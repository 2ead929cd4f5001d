"""The figures of what judges: why a signature fails, and whether a receiver is right."""

import json
import statistics
import subprocess
import time

from frame import MIB, Goal, Row, figure


def jobs(size):
    """A JSON body of about so many bytes: jobs as platforms send them."""
    job = {
        "id": "2d74d878-9a62-45da-84de-74d91c4a2b4d", "name": "Smith Residence - Fire Damage", "status": "inventory",
        "customer": {"name": "Jané Smith", "email": "jane@example.com", "phone": "555-1234"}, "total": 250.0, "rooms": [1, 2, 3],
        "notes": "Called twice; the owner will send photographs of kitchen/hall by Friday.", "insurance": None, "paid": False,
    }  # fmt: skip
    text = json.dumps({"event": "job.updated", "data": [job] * (size // 360)}, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


@figure("explain")
def explain(bench):
    """`wh verify` of a signature that nothing explains: what the explanation adds to the whole process."""
    for name, size, goal in [
        ("1 KiB", 1024, None),
        ("1 MiB", MIB, Goal("ours", "<=", 50)),
        ("16 MiB", 15 * MIB, None),
    ]:
        path = bench.work / f"explained-{size}.json"
        path.write_bytes(jobs(size))
        command = [bench.wh, "verify", str(path), "--sig", "5d" * 32, "--secret-file", str(bench.secret)]
        with_it, without = [], []
        for _ in range(3 if bench.load_rounds == 1 else 15):
            with_it.append(refused(bench, command))
            without.append(refused(bench, [*command, "--no-explain"]))
        added = 1000 * (statistics.median(with_it) - statistics.median(without))
        yield Row(f"explain, {name} of JSON", "ms", added, goal=goal)


def refused(bench, command):
    """Seconds of a verification that fails."""
    began = time.perf_counter()
    done = subprocess.run(command, env=bench.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    taken = time.perf_counter() - began
    if done.returncode != 4:
        raise ValueError(f"exit {done.returncode}, not 4: {command}")
    return taken


@figure("check")
def check(bench):
    """`wh check` of `wh listen`: all rules, and `--quick`."""
    bench.forget()
    with bench.server(bench.listen()) as (_, url, _log):
        command = [bench.wh, "check", url, "--secret-file", str(bench.secret), "--json"]
        for name, more, goal in [("check", [], None), ("check --quick", ["--quick"], Goal("ours", "<=", 5))]:
            began = time.perf_counter()
            done = subprocess.run([*command, *more], env=bench.env, capture_output=True)
            taken = time.perf_counter() - began
            last = json.loads(done.stdout.splitlines()[-1])
            yield Row(f"{name}, {last['requests']} requests", "s", taken, goal=goal)
