"""Time whole processes: wall time from start to end, and the memory of the largest process among them.

Reads {"rounds": 11, "cases": [{"name", "argv", "cwd", "env", "before": [argv, ...], "expect": [0]}]} and writes
{"name": [{"ms", "kb"}, ...]}. Every round runs every case once, each time beginning with another one; a first round is
not counted. A small Python does this because starting a process costs a large one more (libuv forks).
"""
import json
import os
import resource
import subprocess
import sys
import time

KB = 1024 if sys.platform == "darwin" else 1


def run(case):
    for argv in case.get("before", []):
        subprocess.run(argv, cwd=case["cwd"], env=case["env"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.chdir(case["cwd"])
    quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
    start = time.perf_counter()
    pid = os.posix_spawnp(case["argv"][0], case["argv"], case["env"], file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    ms = (time.perf_counter() - start) * 1000
    code = os.waitstatus_to_exitcode(status)
    if code not in case.get("expect", [0]):
        sys.exit(f"{case['name']}: {' '.join(case['argv'])} ended with {code}")
    return {"ms": ms, "kb": usage.ru_maxrss // KB}


def main():
    question = json.load(sys.stdin)
    cases = question["cases"]
    results = {case["name"]: [] for case in cases}
    for number in range(question["rounds"] + 1):
        turn = number % len(cases)
        for case in cases[turn:] + cases[:turn]:
            result = run(case)
            if number > 0:
                results[case["name"]].append(result)
    json.dump(results, sys.stdout)


main()
