"""`python -m panoseg` is the `panoseg` command."""

import sys

from panoseg.cli import main

if __name__ == "__main__":
    sys.exit(main())
