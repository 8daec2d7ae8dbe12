"""Every planted bug, those with one of the words that are given, or a share of them ("1/2"): ends with 1 where one
survived."""

import sys

from tests.breaking import main
from tests.planted.table import PLANTED_BUGS

if __name__ == "__main__":
    sys.exit(main("tests.planted", PLANTED_BUGS, sys.argv[1:]))
