"""Each invariant of the record can fail: its breach is planted in a snapshot that has none, and it is the one that
says so.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mailbot.core.record import events as e
from mailbot.core.record.events_as_json import to_text
from mailbot.core.record.events_of_mail import MovedByHand, OutsiderNoticed
from mailbot.core.record.intents import Person
from mailbot.core.record.ledger import Cause, Entry, Head, chain
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import FilingKind
from mailbot.watching.invariants import INVARIANTS, breaches, breaches_between, breaches_in
from mailbot.watching.record_at_a_moment import SeenLetter, SeenOutside, Snapshot, portions_of, snapshot_of
from mailbot.watching.witness_in_mailbox import STANDS_STILL
from tests.people import ADDRESS
from tests.scenarios.north_somerset.test_to_the_end import at_stage_2
from tests.story import Story

OPEN, CLOSED = "NS-26-0001", "NS-26-0002"
SECOND = "Child: P.R.\nAgencies: Larkfield Primary School / Children's Social Care\nIssue: No visit.\nImpact: Sad."
Plant = Callable[[Snapshot], Snapshot]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """One dispute that silence moved to its second stage, one that was withdrawn, an auto-reply, and a stranger."""
    with Story(tmp_path_factory.mktemp("invariants"), "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("hartwell", SECOND, "2026-09-09 09:00", subject="[ESCALATION] Stage 1 - P.R.", to=["fenn"])
        story.mail("hartwell", "WITHDRAW", "2026-09-09 09:30", subject=f"[{CLOSED}]")
        story.mail("fenn", "I am away.", "2026-09-09 09:40", headers=[("Auto-Submitted", "auto-replied")])
        story.mail("mother@webmail.example", "What is this?", "2026-09-09 09:50")
        story.letters()
        story.turn()
        ours = story.mailbox
        lying = {held.raw for box in (ours.inbox, *ours.filed.values()) for held in box}
        now = story.now.astimezone(UTC)
        plain = snapshot_of(story.store, story.bot.site, now)
        arrived = frozenset(plain.messages)
        outside = SeenOutside(arrived, {}, arrived, (), frozenset({"mother@webmail.example"}))
        assert lying
        assert_the_same_in_portions(plain, list(portions_of(story.store, story.bot.site, now, at_once=1)))
        yield replace(plain, outside=outside)


def assert_the_same_in_portions(whole: Snapshot, portions: list[Snapshot]) -> None:
    """One dispute at a time, then one Message-ID at a time, then the rest: together it is all there is, and each
    dispute stands beside all that is asked about it."""
    assert [list(one.disputes) for one in portions if one.disputes] == [[OPEN], [CLOSED]]
    assert sorted({x.id: x for one in portions for x in one.letters}.values(), key=lambda x: x.id) == list(
        whole.letters
    )
    assert sorted({x.id: x for one in portions for x in one.filings}.values(), key=lambda x: x.id) == list(
        whole.filings
    )
    assert {digest for one in portions for digest in one.messages} == set(whole.messages)
    for portion in portions[:2]:
        [(reference, seen)] = portion.disputes.items()
        assert seen == whole.disputes[reference]
        assert list(portion.letters) == [one for one in whole.letters if one.reference == reference]
        causes = {entry.cause.what for entry in seen.entries if entry.cause.kind == "message"}
        assert {digest: whole.messages[digest] for digest in causes} == {d: portion.messages[d] for d in causes}
    assert breaches_in(portions) == breaches(whole) == []


def test_a_sound_record_breaks_none(sound: Snapshot) -> None:
    assert breaches(sound) == []
    assert len(INVARIANTS) == 39
    assert sound.disputes[CLOSED].columns["state"] == "closed"


# What is changed, where.


def dispute(snap: Snapshot, reference: str, **changes: Any) -> Snapshot:
    return replace(snap, disputes={**snap.disputes, reference: replace(snap.disputes[reference], **changes)})


def letter(snap: Snapshot, choose: Callable[[SeenLetter], bool] = lambda _: True, **changes: Any) -> Snapshot:
    chosen = next(one for one in snap.letters if choose(one))
    return replace(snap, letters=tuple(replace(one, **changes) if one is chosen else one for one in snap.letters))


def message(snap: Snapshot, choose: Callable[[Any], bool], **changes: Any) -> Snapshot:
    chosen = next(one for one in snap.messages.values() if choose(one))
    return replace(snap, messages={**snap.messages, chosen.digest: replace(chosen, **changes)})


def entries(snap: Snapshot, reference: str, change: Callable[[list[Entry]], object]) -> Snapshot:
    """Entries as ``change`` makes them, chained anew, so that the chain itself has no fault."""
    made = list(snap.disputes[reference].entries)
    change(made)
    previous, chained = "", []
    for number, entry in enumerate(made, 1):
        entry = replace(entry, sequence=number, previous=previous)
        previous = chain(entry)
        chained.append(replace(entry, hash=previous))
    return dispute(snap, reference, entries=tuple(chained), head=Head(len(chained), previous, chained[-1].at))


def place(made: list[Entry], kind: str) -> int:
    return next(number for number, entry in enumerate(made) if entry.kind == kind)


def caused(kind: str, cause: Cause) -> Callable[[list[Entry]], None]:
    def change(made: list[Entry]) -> None:
        made[place(made, kind)] = replace(made[place(made, kind)], cause=cause)

    return change


def event(kind: str, **changes: Any) -> Callable[[list[Entry]], None]:
    def change(made: list[Entry]) -> None:
        at = place(made, kind)
        made[at] = replace(made[at], text=to_text(replace(made[at].event, **changes)))

    return change


def more(new: e.Event, cause: Cause, at: timedelta = timedelta(0)) -> Callable[[list[Entry]], None]:
    def change(made: list[Entry]) -> None:
        last = made[-1]
        made.append(replace(last, kind=type(new).__name__, text=to_text(new), cause=cause, at=last.at + at))

    return change


def hidden_name(snap: Snapshot) -> e.WordsRedacted:
    return e.WordsRedacted(at=snap.now, words="Rubinia Whitcombe", by=snap.site.current.office()[0])


def opening_of(snap: Snapshot, reference: str) -> str:
    return snap.disputes[reference].entries[0].cause.what


def outside(snap: Snapshot, **changes: Any) -> Snapshot:
    assert snap.outside is not None
    return replace(snap, outside=replace(snap.outside, **changes))


def a_filing(snap: Snapshot, kind: FilingKind) -> Any:
    return next(one for one in snap.filings if one.kind == kind)


def with_filing(snap: Snapshot, kind: FilingKind, **changes: Any) -> Snapshot:
    return replace(snap, filings=(*snap.filings, replace(a_filing(snap, kind), id=9999, **changes)))


LATER = datetime(2026, 12, 1, tzinfo=UTC)
MESSAGE_UNKNOWN = Cause("message", "f" * 64)
PLANTED: tuple[tuple[str, str, Plant], ...] = (
    ("I1", "moved by a message that nobody has", lambda s: entries(s, OPEN, caused("StageEnded", MESSAGE_UNKNOWN))),
    ("I1", "moved by no cause", lambda s: entries(s, OPEN, caused("StageEnded", Cause("limit", "")))),
    ("I2", "was changed", lambda s: message(s, lambda m: m.digest == opening_of(s, OPEN), is_whole=False)),
    (
        "I3",
        "is quarantined",
        lambda s: message(s, lambda m: m.digest == opening_of(s, OPEN), disposition="quarantined"),
    ),
    (
        "I3",
        "held, and before nobody",
        lambda s: replace(message(s, lambda m: not m.reference, disposition="held"), held={}),
    ),
    (
        "I4",
        "moved it 2 times",
        lambda s: entries(
            s,
            OPEN,
            more(
                e.StageEnded(at=s.now, stage="2", how="moved up"),
                Cause("message", opening_of(s, OPEN)),
                timedelta(days=1),
            ),
        ),
    ),
    (
        "I5",
        "passed over for another of its number",
        lambda s: replace(
            s,
            messages={
                **s.messages,
                "e" * 64: replace(s.messages[opening_of(s, OPEN)], digest="e" * 64, disposition="", state="done"),
            },
        ),
    ),
    ("I6", "ended stage 3 while at 1", lambda s: entries(s, OPEN, event("StageEnded", stage="3"))),
    (
        "I7",
        "without a word of its own",
        lambda s: message(s, lambda m: m.digest == opening_of(s, OPEN), has_words=False),
    ),
    ("I8", "its disposition is ''", lambda s: message(s, lambda m: bool(m.disposition), disposition="")),
    ("I8", "arrived, and vanished", lambda s: outside(s, arrived=frozenset({"d" * 64}), lying=frozenset({"d" * 64}))),
    ("I9", "its bytes are not what arrived", lambda s: message(s, lambda m: not m.reference, is_whole=False)),
    ("I10", "of what was never stored", lambda s: with_filing(s, FilingKind.MOVE, digest="d" * 64)),
    ("I10", "lies nowhere in the mailbox", lambda s: outside(s, lying=frozenset())),
    (
        "I11",
        "a move by hand that nobody made",
        lambda s: entries(
            s,
            OPEN,
            more(
                MovedByHand(at=s.now, where="Disputes", reference=OPEN, outcome="noted", message="<m>", digest="d"),
                Cause("limit", "nothing"),
            ),
        ),
    ),
    ("I12", "its limit does not run", lambda s: dispute(s, OPEN, limit=None)),
    ("I12", "nobody looks at it again", lambda s: dispute(s, OPEN, next_due=None)),
    ("I13", "closed, and a limit runs", lambda s: dispute(s, CLOSED, limit=LATER)),
    (
        "I13",
        "the opened of before is still to be sent",
        lambda s: letter(
            s, lambda x: x.reference == CLOSED and x.letter == "opened", state="deferred", next_try=s.now, finished=None
        ),
    ),
    ("I14", "and by its procedure", lambda s: dispute(s, OPEN, limit=LATER)),
    (
        "I15",
        "the calendar made a limit shorter",
        lambda s: entries(
            s,
            OPEN,
            more(
                e.CalendarMoved(at=s.now, stage="2", was=LATER, becomes=LATER - timedelta(days=1), why=""),
                Cause("start", "the calendar has changed"),
            ),
        ),
    ),
    ("I16", "passed with mail unread", lambda s: replace(s, drained=datetime(2026, 9, 8, 12, tzinfo=UTC))),
    (
        "I16",
        "passed before it came",
        lambda s: entries(s, OPEN, event("LimitPassed", limit=datetime(2026, 9, 8, 18, tzinfo=UTC))),
    ),
    (
        "I17",
        "nobody had had a letter",
        lambda s: replace(
            s,
            letters=tuple(
                replace(one, state="deferred", finished=None, next_try=s.now) if one.reference == OPEN else one
                for one in s.letters
            ),
        ),
    ),
    (
        "I18",
        "the same limit passed twice",
        lambda s: entries(s, OPEN, lambda made: made.append(made[place(made, "LimitPassed")])),
    ),
    (
        "I18",
        "silence moved it from 1 to 4",
        lambda s: entries(s, OPEN, lambda made: skipped(made)),
    ),
    ("I19", "decided in the future", lambda s: replace(s, now=datetime(2026, 9, 7, 12, tzinfo=UTC))),
    (
        "I20",
        "time went back",
        lambda s: entries(
            s, OPEN, lambda made: made.__setitem__(3, replace(made[3], at=made[3].at - timedelta(days=1)))
        ),
    ),
    (
        "I21",
        "of a stage that has ended is still to be sent",
        lambda s: letter(
            s, lambda x: x.reference == OPEN and x.letter == "reminder", state="new", next_try=s.now, finished=None
        ),
    ),
    ("I22", "carries another Message-ID", lambda s: letter(s, own_id="<other@nsscp.example>")),
    ("I22", "has no date of its own", lambda s: letter(s, date="")),
    (
        "I22",
        "different letters called",
        lambda s: outside(s, accepted=(("a@b.example", "<1@x>", "h1"), ("a@b.example", "<1@x>", "h2"))),
    ),
    ("I23", "2 different things are called so", lambda s: letter(s, message_id=s.letters[-1].message_id)),
    ("I24", "written to another than it goes to", lambda s: letter(s, to=("head@larkfield.sch.example",))),
    ("I24", "which is not one address", lambda s: letter(s, recipient="a@b.example,c@d.example", to=())),
    ("I25", "outside the approved domains", lambda s: letter(s, recipient="mother@webmail.example", to=())),
    (
        "I26",
        "an outsider on the thread was written to",
        lambda s: letter(
            entries(
                s,
                OPEN,
                more(
                    OutsiderNoticed(at=s.now, by=s.site.current.office()[0], addresses=("mother@webmail.example",)),
                    Cause("message", opening_of(s, OPEN)),
                ),
            ),
            lambda x: x.reference == OPEN,
            recipient="mother@webmail.example",
        ),
    ),
    (
        "I26",
        "somebody outside had a letter",
        lambda s: outside(s, accepted=(("mother@webmail.example", "<1@x>", "h"),)),
    ),
    (
        "I27",
        "names a child",
        lambda s: letter(
            entries(s, OPEN, more(hidden_name(s), Cause("message", opening_of(s, OPEN)))),
            lambda x: x.reference == OPEN,
            subject=f"[{OPEN}] Rubinia is seen",
        ),
    ),
    (
        "I28",
        "answers automatic mail",
        lambda s: letter(
            s,
            lambda x: not x.reference or x.recipient.startswith("i.hartwell"),
            key=next(d for d, m in s.messages.items() if m.disposition == "automatic")[:32] + ":status:x",
            recipient="tobias.fenn@seamoor.example",
        ),
    ),
    (
        "I28",
        "61 times in the hour",
        lambda s: replace(s, letters=tuple(replace(s.letters[0], id=n, reference="") for n in range(61))),
    ),
    ("I29", "in clear to mail.example:143", lambda s: replace(s, in_clear=("mail.example:143",))),
    ("I30", "waits, and nobody will try it", lambda s: letter(s, state="deferred", next_try=None, finished=None)),
    (
        "I30",
        "and nobody was told",
        lambda s: replace(
            letter(s, state="deferred", next_try=s.now, finished=None, created=s.now - timedelta(hours=25)),
            says_well=True,
            notes={what: at for what, at in s.notes.items() if not what.startswith("trouble: ")},
        ),
    ),
    ("I31", "is to be filed 2 times", lambda s: with_filing(s, FilingKind.APPEND)),
    (
        "I31",
        "summaries were due, and 0 were written",
        lambda s: replace(s, filings=tuple(one for one in s.filings if one.kind != FilingKind.APPEND)),
    ),
    (
        "I31",
        "lies there 2 times",
        lambda s: outside(
            s, lies={a_filing(s, FilingKind.APPEND).folder: (a_filing(s, FilingKind.APPEND).message_id,) * 2}
        ),
    ),
    (
        "I32",
        "its row follows another version",
        lambda s: dispute(s, OPEN, columns={**s.disputes[OPEN].columns, "version": "2020-01-01"}),
    ),
    ("I33", "the lease of epoch 3", lambda s: replace(s, lease=(3, s.now + timedelta(days=3)))),
    ("I34", "the ledger should end at entry", lambda s: dispute(s, OPEN, entries=s.disputes[OPEN].entries[:-1])),
    ("I34", "and counts no decision", lambda s: replace(s, counters={"decisions": 0})),
    ("I35", "its stage is '4'", lambda s: dispute(s, OPEN, columns={**s.disputes[OPEN].columns, "stage": "4"})),
    (
        "I36",
        "was sent while the record stood still",
        lambda s: replace(s, notes={**s.notes, STANDS_STILL: datetime(2026, 9, 7, tzinfo=UTC)}),
    ),
    (
        "I37",
        "was let go of, and is still there",
        lambda s: replace(s, gone=frozenset({("letter", str(s.letters[0].id))})),
    ),
    ("I37", "was purged, and is still there", lambda s: replace(s, purged=frozenset({OPEN}))),
    ("I38", "limits have not been looked at", lambda s: well_without(s, "tick")),
    (
        "I39",
        "to somebody who was named in error is still to be sent",
        lambda s: letter(
            entries(s, OPEN, named_in_error),
            lambda x: x.reference == OPEN and x.recipient == ADDRESS["oakes"],
            state="new",
            finished=None,
        ),
    ),
)


def named_in_error(made: list[Entry]) -> None:
    """The head teacher's own manager, named in the opening, is taken back once they have a letter."""
    at = next(n for n, entry in enumerate(made) if entry.kind == "PersonRecorded" and ADDRESS["oakes"] in entry.text)
    last, by = made[-1], Person(ADDRESS["hartwell"])
    undone = e.MisreadUndone(at=last.at + timedelta(minutes=1), places=(at,), by=by)
    made.append(replace(last, kind="MisreadUndone", text=to_text(undone), at=undone.at))


def skipped(made: list[Entry]) -> None:
    """Silence passes over two stages."""
    at = next(n for n, entry in enumerate(made) if entry.kind == "StageEntered" and '"limit"' in entry.text)
    made[at] = replace(made[at], text=made[at].text.replace('"stage":"2"', '"stage":"4"'))


def well_without(snap: Snapshot, turn: str) -> Snapshot:
    notes = {**snap.notes, **dict.fromkeys(("take in", "send", "file"), snap.now)}
    return replace(snap, says_well=True, notes={what: at for what, at in notes.items() if what != turn})


@pytest.mark.parametrize(("name", "said", "plant"), PLANTED, ids=[f"{name}: {said}" for name, said, _ in PLANTED])
def test_a_planted_breach_is_found_by_its_invariant(sound: Snapshot, name: str, said: str, plant: Plant) -> None:
    found = breaches(plant(sound))
    assert [one for one in found if one.startswith(f"{name} ") and said in one], found


def test_every_invariant_has_had_a_breach_planted() -> None:
    assert {name for name, _, _ in PLANTED} == set(INVARIANTS)


BETWEEN: tuple[tuple[str, Plant], ...] = (
    (f"I11 {OPEN}: is not there any more", lambda s: replace(s, disputes={CLOSED: s.disputes[CLOSED]})),
    (
        f"I34 {OPEN}: its ledger is not the continuation of what it was",
        lambda s: entries(s, OPEN, event("DisputeOpened", child="X.Y.")),
    ),
    (f"I15 {OPEN}: its limit changed, and nothing happened", lambda s: dispute(s, OPEN, limit=LATER)),
    ("had been sent, and is deferred", lambda s: letter(s, state="deferred")),
    ("I33 the epoch of the lease went back", lambda s: replace(s, lease=(0, s.now))),
)


@pytest.mark.parametrize(("said", "plant"), BETWEEN, ids=[said for said, _ in BETWEEN])
def test_what_was_decided_stays_decided(sound: Snapshot, said: str, plant: Plant) -> None:
    before = replace(sound, lease=(1, sound.now))
    assert breaches_between(before, before) == []
    assert any(said in one for one in breaches_between(before, plant(before)))


def test_one_message_id_of_two_things_is_found_though_they_lie_in_two_portions(tmp_path: Path) -> None:
    """A stage's summary is given the Message-ID of a letter of the other dispute."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("hartwell", SECOND, "2026-09-09 09:00", subject="[ESCALATION] Stage 1 - P.R.", to=["fenn"])
        story.letters()
        changed = tmp_path / "changed.db"
        with closing(sqlite3.connect(story.file)) as ours, closing(sqlite3.connect(changed)) as copy:
            ours.backup(copy)
            theirs = copy.execute("SELECT message_id FROM outbox WHERE reference = ?", (CLOSED,)).fetchone()
            copy.execute("UPDATE filing SET message_id = ? WHERE kind = 'append'", theirs)
            copy.commit()
        store = Store.open(f"sqlite:///{changed}")
        found = breaches_in(portions_of(store, story.bot.site, story.now.astimezone(UTC), at_once=1))
        store.close()
    assert [said for said in found if said.startswith("I23")] == [f"I23 {theirs[0]}: 2 different things are called so"]
