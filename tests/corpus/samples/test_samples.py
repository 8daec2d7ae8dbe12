"""Every sample is read as a careful person would, its letters go to exactly these people, and nobody is told more."""

import tomllib
from collections.abc import Callable

import pytest

from tests.corpus.samples.readings import FOLDER, Reading, names, reading

EXPECTED = {name: Reading(**told) for name, told in tomllib.loads((FOLDER / "expected.toml").read_text()).items()}


def test_every_sample_has_its_expectation() -> None:
    assert names() == sorted(EXPECTED)
    assert len(EXPECTED) >= 30


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_sample_is_read_as_it_should_be(name: str, record_property: Callable[[str, object], None]) -> None:
    found = reading(name)
    record_property(
        "sample",
        f"{name:34} {', '.join(found.act):28} {found.how_sure:9} {found.dispute:11} "
        f"{', '.join(found.letters) or 'nobody'}",
    )
    assert found == EXPECTED[name]
