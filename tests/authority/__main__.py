"""Writes the page of the table."""

from pathlib import Path

from tests.authority.printed import page

PLACE = Path(__file__).parents[2] / "docs" / "authority.md"

if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")
