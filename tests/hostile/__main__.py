"""`python -m tests.hostile`: the same cases for as long as one likes."""

import argparse
import sys

from tests.hostile.cases import KINDS, case
from tests.hostile.fuzzing import fuzz


def main() -> int:
    """Do what was asked for; 1 where something was wrong."""
    parser = argparse.ArgumentParser("python -m tests.hostile")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, help="of the first case; with --kind, that one alone")
    parser.add_argument("--kind", choices=list(KINDS))
    options = parser.parse_args()
    if options.kind and options.seed is not None:
        case(options.kind, options.seed)()
        return 0
    found = fuzz(60 * options.minutes, options.seed or 0, options.kind)
    for (kind, outcome), count in sorted(found.outcomes.items()):
        print(f"{kind:14} {outcome:20} {count:8,}")
    print("slowest: {:.2f} s, --kind {} --seed {}".format(*found.slowest))
    print(*found.failures, sep="\n\n", file=sys.stderr)
    return bool(found.failures)


if __name__ == "__main__":
    sys.exit(main())
