"""How long danger waits for its answer: among two thousand messages at a start, arriving behind them,
amid limits.

The mail lies in memory and letters go nowhere, so that what is told is our own time: with a mail server, add what it
takes to fetch them.
"""

import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from tests.deployment import opening
from tests.scenarios.test_danger_first import DANGER, TALK, written
from tests.story import Story

MANY, LIMITS = 2_000, 100
VOUCHED = b"Authentication-Results: mx.nsscp.example; dmarc=pass header.from=larkfield.sch.example\r\n"


def _until_answered(story: Story) -> str:
    """The bot's turns, as the service takes them, until the letter about danger is out."""
    rounds, began, cpu = 0, time.perf_counter(), time.process_time()
    while "urgent_told" not in {sent.letter for sent in story.letters()}:
        story.bot.turn_some(story.now)
        story.bot.send(story.now)
        rounds += 1
    return f"{time.process_time() - cpu:.1f} s of CPU, {time.perf_counter() - began:.1f} s wall, {rounds} rounds"


def _backlog(story: Story, danger_at: int) -> None:
    for number in range(MANY):
        story.mailbox.deliver(written(DANGER if number == danger_at else TALK, story, number), story.now)


def among_at_start(story: Story) -> str:
    _backlog(story, MANY // 2)
    return _until_answered(story)


def arriving_behind(story: Story) -> str:
    _backlog(story, -1)
    story.bot.turn_some(story.now)
    story.mailbox.deliver(written(DANGER, story), story.now)
    return _until_answered(story)


def amid_limits(story: Story) -> str:
    for number in range(LIMITS):
        child = f"{chr(65 + number // 26 % 26)}.{chr(65 + number % 26)}.".encode()
        raw = opening(number, story.address["hartwell"], sealed=False).replace(b"Q.Z.", child)
        story.mailbox.deliver(VOUCHED + raw, story.now)
    story.turn()
    story.letters()
    story.now += timedelta(days=14)
    due = len(story.store.due(story.site.id, story.now))
    story.bot.turn_some(story.now)
    story.mailbox.deliver(written(DANGER, story), story.now)
    return f"{_until_answered(story)}, {due} due"


PLACES = {
    "among a backlog at a start": among_at_start,
    "arriving behind a backlog": arriving_behind,
    "amid limits due": amid_limits,
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Story(Path(folder), "2026-09-07 09:30") as story:
        print(PLACES[sys.argv[1]](story))


if __name__ == "__main__":
    main()
