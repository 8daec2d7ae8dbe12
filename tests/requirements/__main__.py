"""Breaks every requirement that has a row, and says what no story noticed."""

import sys

from tests.breaking import main
from tests.requirements.rows import broken
from tests.requirements.tables import ROWS

if __name__ == "__main__":
    raise SystemExit(main("tests.requirements", map(broken, ROWS), sys.argv[1:], plainly=True, loaded=("tests.story",)))
