"""The database is lost, and only the mailbox is left: the same disputes are made of it again, and nothing is sent by
them until somebody has looked.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

import pytest

from mailbot.core.record.dispute import Dispute
from mailbot.shell.servers.maildir import MaildirMailbox
from mailbot.shell.store.store import Store
from mailbot.shell.store.to_another_database import move_store
from mailbot.watching.rebuilding import Rebuilding, cards_made, end_rebuilding, rebuilt, what_lies
from mailbot.watching.witness_in_mailbox import behind, let_go_on, seen_in
from tests.fakes import PostmanFake
from tests.scenarios.north_somerset.test_office_by_mail import lines
from tests.scenarios.north_somerset.test_to_the_end import at_stage_2, opened
from tests.sites import bot_for
from tests.story import Story


@contextmanager
def rebuilt_store(story: Story, folder: Path) -> Iterator[tuple[Store, list[str]]]:
    """The story's record, made again from its mailbox; with what a person is told of each dispute."""
    now, site = story.now.astimezone(UTC), story.site
    lying, seen = what_lies(story.mailbox, site), seen_in(story.mailbox, story.store, site)
    store, moved_in = (
        Store.open(f"sqlite:///{folder / name}", create=True) for name in ("rebuilding.db", "rebuilt.db")
    )
    inbox = MaildirMailbox(folder / "in")
    Rebuilding(store, lambda _: bot_for(site, store, inbox, PostmanFake()), folder / "in").go_through(lying, now)
    cards = cards_made(inbox)
    end_rebuilding(store, site, lying, seen, now)
    found = rebuilt(store, site, lying, cards)
    move_store(store, moved_in, lambda _table, _rows: None)
    moved_in.learn_key(site.id, site.secret)
    yield moved_in, ["as its card says" if one.stands == one.card else f"{one.card} | {one.stands}" for one in found]
    store.close()
    moved_in.close()


def said_of(dispute: Dispute | None) -> tuple[object, ...]:
    """What must come out the same. Instants of deciding may be minutes apart."""
    assert dispute is not None
    kinds = [type(event).__name__ for event in dispute.history]
    people = sorted((party.role, party.person.address) for party in dispute.parties)
    return dispute.state, dispute.stage, dispute.outcome, dispute.child, dict(dispute.fields), people, kinds


def resolved(story: Story) -> None:
    """Closed by both sides, in answer to letters of ours."""
    at_stage_2(story)
    story.mail("oakes", "RESOLVED\nThey visit K by 11 September 2026.", "2026-09-09 10:00", subject="[NS-26-0001]")
    (asked,) = story.expect(("proposed", "peake"))
    story.mail("peake", "CONFIRM", "2026-09-09 11:00", answers=asked)
    story.letters()


def two_of_them(story: Story) -> None:
    opened(story)
    body = "Child: P.R.\nAgencies: Larkfield Primary School / Children's Social Care\nIssue: No visit.\nImpact: Tired."
    story.mail("hartwell", body, "2026-09-07 11:30", subject="[ESCALATION] Stage 1 - P.R.", to=["fenn"])
    story.letters()
    lines(story, "HOLD NS-26-0002 because of a meeting", "2026-09-07 12:00", *MOVE_HELD)
    story.until("2026-09-10 09:00")
    story.letters()


MOVE_HELD = (("move_held", "hartwell"), ("move_held", "fenn"))


def let_in_by_a_person(story: Story) -> None:
    """It named a dispute which is none, and the office said where it belongs."""
    at_stage_2(story)
    story.mail("oakes", "RESOLVED\nThey visit K by 11 September 2026.", "2026-09-09 10:00", subject="[NS-26-0099]")
    story.expect(("question", "oakes"))
    lines(story, "1 -> NS-26-0001", "2026-09-09 10:30", ("proposed", "peake"))


@pytest.mark.parametrize("course", [at_stage_2, resolved, two_of_them, let_in_by_a_person])
def test_the_same_disputes_are_made_again(tmp_path: Path, course: Callable[[Story], None]) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        course(story)
        story.turn()
        with rebuilt_store(story, tmp_path) as (store, told):
            references = [row.reference for row in story.store.dispute_rows(story.site.id)]
            assert [row.reference for row in store.dispute_rows(story.site.id)] == references
            for reference in references:
                assert said_of(store.dispute(story.site.id, reference)) == said_of(story.dispute(reference))
            assert store.verify(story.site.id) == []
            assert set(told) <= {"as its card says", " | closed"}


def test_it_sends_nothing_until_a_person_has_looked_and_then_goes_on(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.turn()
        with rebuilt_store(story, tmp_path) as (store, _):
            site, now = story.site, story.now.astimezone(UTC)
            (why,) = behind(seen_in(story.mailbox, store, site), store, site, now)
            assert why.startswith("It was rebuilt from the mailbox at 17:00 on 08 Sep 2026")
            story.store.close()
            story.store = store
            story.bot = bot_for(site, store, story.mailbox, story.postman)
            story.mail("oakes", "ESCALATE", "2026-09-09 10:00", subject="[NS-26-0001]")
            (told,) = story.postman.sent[story._seen :]
            assert b"mailbot stands still" in told.raw
            story._seen = len(story.postman.sent)
            let_go_on(seen_in(story.mailbox, store, site), store, site, "Philippa", now)
            story.turn()
            assert story.dispute().stage == "3"
            assert {sent.letter for sent in story.letters()} >= {"stage_entered", "summary"}
            story.turn()
            cards = list(story.mailbox.filed[("Disputes",)])
            assert len(cards) == 1, "the card that lay there was exchanged"


def test_the_reference_of_a_dispute_that_no_email_tells_of_is_not_given_out_again(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        two_of_them(story)
        story.mailbox.filed[("Disputes", "NS-26-0002")].clear()
        with rebuilt_store(story, tmp_path) as (store, told):
            assert told[0] == "as its card says"
            assert told[1].endswith(" | "), "lost, and said to be"
            assert store.verify(story.site.id) == []
            with store.transaction() as work:
                assert work.new_reference(story.site.id, "NS", 2026) == "NS-26-0003"
