"""measure.py RUNS LABEL [BASE] -- COMMAND...: the whole process, median of so many runs by wall time after one that does
not count: wall, CPU, the largest memory of it or a child, and the ratio of walls to that in the file BASE, which is
written where it is not there yet. One line; nothing is judged."""

import os
import subprocess
import sys
import time


def once(command):
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    return status, time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    at = sys.argv.index("--")
    runs, label, base = int(sys.argv[1]), sys.argv[2], sys.argv[3] if at > 3 else None
    samples = [once(sys.argv[at + 1 :]) for _ in range(runs + 1)][1:]
    if any(sample[0] for sample in samples):
        sys.exit(f"  {label}: failed")
    _, wall, cpu, _ = sorted(samples, key=lambda sample: sample[1])[len(samples) // 2]
    if base and not os.path.exists(base):
        with open(base, "w") as file:
            file.write(str(wall))
    ratio = f"{wall / float(open(base).read()):7.2f}" if base else ""
    print(f"  {label:48} {wall:8.2f} s {cpu:8.2f} s {max(sample[3] for sample in samples):8.1f} MB {ratio}", flush=True)


main()
