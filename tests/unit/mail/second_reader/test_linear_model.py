"""The second reader: what it hears, why, and that its files are those that were released."""

import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

from mailbot.mail.second_reader.linear_model import NAMES, SUMS, SecondReader, heard_because, opened, second_reader

ROOT = Path(__file__).parents[4]
FOLDER = ROOT / "mailbot" / "reader"


def _reader() -> SecondReader:
    reader = second_reader()
    assert isinstance(reader, SecondReader), reader
    return reader


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("We would like someone more senior to look at this please", "take_up"),
        ("The two of us met and it has been put to bed", "resolved"),
        ("I cannot in good conscience agree to that", "disagrees"),
        ("I am off next week, Dilys will step in", "handover"),
        ("What do you need from me?", "question"),
        ("The lad has not been seen by anyone since you closed it", "did_not_happen"),
        ("He says his stepdad hits him with a belt and he has marks", "danger"),
    ],
)
def test_a_meaning_is_heard_in_words_of_the_writers_own(words: str, label: str) -> None:
    heard = _reader().hear(words)
    assert heard.strongest(set(_reader().labels) - {"wish"})[0] == label


@pytest.mark.parametrize(
    ("danger", "safe"),
    [
        ("He's told me he got hit with a belt last night", "The belt for the costume arrived last night, thank you"),
        ("Mum's ex is on his way to the flat now", "Mum's ex writes contact letters, as the court agreed"),
        ("There's a man with a knife outside the flat", "There's a talk about knife crime in the hall"),
    ],
)
def test_a_danger_is_louder_than_its_safe_twin(danger: str, safe: str) -> None:
    reader = _reader()
    assert reader.hear(danger).of("danger") >= reader.thresholds["danger"]
    assert reader.hear(danger).of("danger") > reader.hear(safe).of("danger")


def test_danger_is_heard_at_the_end_of_a_long_and_dull_mail() -> None:
    dull = "Thank you for the minutes. The next core group is on Tuesday at two.\n" * 40
    assert _reader().hear(f"{dull}He hits her and she is scared to go home.").of("danger") > 0.5


def test_nothing_is_heard_in_nothing() -> None:
    assert _reader().hear(" \n ").of("danger") == 0.0


def test_it_can_say_by_which_words_it_heard_what_it_heard() -> None:
    said = heard_because("We would like someone more senior to look at this please")
    assert said.startswith("take it up ")
    assert "“senior”" in said


def test_the_files_are_those_that_were_released_and_were_made_from_these_sentences() -> None:
    sums = dict(line.split("  ")[::-1] for line in (FOLDER / SUMS).read_text().splitlines())
    assert sums == {name: sha256((FOLDER / name).read_bytes()).hexdigest() for name in NAMES}
    made_from = tomllib.loads((FOLDER / "reader.toml").read_text())["trained on"]["sha256"]
    learnt = b"".join((ROOT / "training" / name).read_bytes() for name in ("replies.jsonl", "mails.txt"))
    assert made_from == sha256(learnt).hexdigest()


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_was_changed_is_not_used(name: str) -> None:
    contents = {one: (FOLDER / one).read_bytes() for one in NAMES}
    sums = {one: sha256(content).hexdigest() for one, content in contents.items()}
    assert opened(contents, sums).labels
    with pytest.raises(ValueError, match=f"{name} is not the file that was released"):
        opened(contents | {name: contents[name] + b"\n"}, sums)
