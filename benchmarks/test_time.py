"""Time of each part of `make test`, as medians of several runs.

.venv/bin/python -m benchmarks.test_time [--runs N]
"""

import argparse
import statistics
import sys

from tools.checks import LOGS, PARTS, run


def main() -> int:
    """Measure and print; 1 when a part failed, since the time of a failed run says nothing."""
    parser = argparse.ArgumentParser(description="Time the parts of `make test`.")
    parser.add_argument("--runs", type=int, default=3, help="runs of each part (default 3)")
    runs = parser.parse_args().runs
    LOGS.mkdir(parents=True, exist_ok=True)
    outcomes = {name: [run(name, command) for _ in range(runs)] for name, command in PARTS.items()}
    medians = {name: statistics.median(o.seconds for o in some) for name, some in outcomes.items()}
    print()
    for name, seconds in {**medians, "total": sum(medians.values())}.items():
        print(f"{name:<10}{seconds:>8.1f} s")
    return 0 if all(outcome.passed for some in outcomes.values() for outcome in some) else 1


if __name__ == "__main__":
    sys.exit(main())
