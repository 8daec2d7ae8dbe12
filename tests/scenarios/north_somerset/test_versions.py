"""The partnership publishes a new version while disputes are open: they stay on theirs until a person moves them."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from mailbot.core.clocks.case import Case
from mailbot.core.notices.version_change import VersionMove, is_older, move_to_version
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.record.events import CalendarMoved, VersionMoved
from mailbot.core.record.ledger import Cause
from mailbot.door.message_as_read import DisputeStep
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from mailbot.shell.protocol_files.protocol_reader import load_protocol
from mailbot.turns.ledger_and_outbox import Scribe
from tests.people import DIRECTORY
from tests.scenarios.north_somerset.test_to_the_end import RAISED, at_stage_2, opened
from tests.sites import LETTERS, ROOT, bot_for
from tests.story import Story

SHIPPED = ROOT / "config" / "protocols" / "north-somerset.toml"
LONGER = ("[clock.s2]", 'within = "2 working days"', 'within = "3 working days"')


def publish(story: Story, folder: Path, *changes: tuple[str, str, str], day: str = "2026-09-08") -> Partnership:
    """A new version in force from ``day``, and the service started again with both files. A change is the header after
    which it is made, the old words and the new."""
    text = SHIPPED.read_text().replace('in_force = "2026-09-01"', f'in_force = "{day}"')
    text = text.replace("[digest]", "[digest]\nheartbeat = false")
    for header, old, new in changes:
        before, found, after = text.partition(header)
        assert found
        assert old in after
        text = before + found + after.replace(old, new, 1)
    path = folder / f"north-somerset-{day}.toml"
    path.write_text(text)
    protocol = load_protocol(path)
    partnership = Partnership(story.site.id, protocol, calendar_for(protocol.calendar, story.now.date()), DIRECTORY)
    versions = {**story.site.versions, (protocol.id, protocol.version): partnership}
    in_force = protocol.published.in_force <= story.now.date()
    story.site = replace(story.site, versions=versions, current=partnership if in_force else story.site.current)
    story.bot = bot_for(story.site, story.store, story.mailbox, story.postman)
    story.bot.begin(story.now)
    story.turn()
    return partnership


def look(story: Story, new: Partnership) -> VersionMove:
    return move_to_version(_case(story, story.now), new, "M. Vane", "all agencies have been told")


def _case(story: Story, now: datetime) -> Case:
    dispute = story.dispute()
    return Case(dispute, story.site.version(dispute), now)


def do(story: Story, new: Partnership) -> VersionMove:
    """The move is written as the command writes it, and the next turn sends its letters."""
    dispute, found = story.dispute(), look(story, new)
    assert found.refused == ""
    step = DisputeStep(dispute.reference, dispute, found.events, new)
    with story.store.transaction() as work:
        Scribe(story.site, story.store, LETTERS).write(work, step, Cause("person", "M. Vane"), story.now)
    story.turn()
    return found


def test_an_open_dispute_stays_on_its_version_when_a_new_file_is_in_force(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        publish(story, tmp_path, LONGER)
        story.expect()
        assert (story.dispute().version, story.limit()) == ("2026-09-01", "Thu 10 Sep 17:00")
        second = RAISED.replace("K.W.", "B.T.").replace("K is", "B is")
        story.mail("hartwell", second, "2026-09-09 10:00", subject="[ESCALATION] Stage 1 - B.T.", to=["fenn"])
        story.expect(("opened", "hartwell"), ("opened", "fenn"))
        assert story.dispute("NS-26-0002").version == "2026-09-08"
        assert story.dispute().version == "2026-09-01"


def test_a_moved_dispute_has_the_new_limit_and_everybody_in_it_is_told_why(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        new = publish(story, tmp_path, LONGER)
        shown = look(story, new)
        story.turn()
        story.expect()
        assert story.dispute().version == "2026-09-01", "a look changes nothing"
        assert [(row.shown, row.was, row.becomes) for row in shown.stages if row.was != row.becomes] == [
            ("Stage 2", "Line manager to line manager, 2 working days", "Line manager to line manager, 3 working days")
        ]
        moved = [(r.label, f"{r.was:%d %H:%M}", f"{r.becomes:%d %H:%M}") for r in shown.limits if r.was and r.becomes]
        assert ("Line managers resolve", "10 17:00", "11 17:00") in moved

        do(story, new)
        letter = story.expect(*[("calendar_moved", who) for who in ("oakes", "peake", "hartwell", "fenn")])[0]
        assert story.limit() == "Fri 11 Sep 17:00"
        assert "This now follows the version in force from Tuesday 8 September 2026." in letter.text
        assert "it is now 5pm on Friday 11 September 2026" in letter.text
        assert letter.text.index("999") < letter.text.index("11 September")
        assert "A closed day" not in letter.text

        story.until("2026-09-11 09:00")
        story.expect(("reminder", "oakes"), ("reminder", "peake"))
        history = story.dispute().history
        assert [type(event) for event in history if isinstance(event, VersionMoved | CalendarMoved)] == [
            VersionMoved,
            CalendarMoved,
        ]


def test_a_moved_dispute_stays_moved_after_a_restart_and_its_record_is_whole(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        do(story, publish(story, tmp_path, LONGER))
        story.letters()
        story.bot = bot_for(story.site, story.store, story.mailbox, story.postman)
        story.bot.begin(story.now)
        story.turn()
        story.expect()
        assert story.dispute().version == "2026-09-08"
        assert story.store.verify(story.site.id) == []
        (row,) = story.store.dispute_rows(story.site.id)
        assert row.version == "2026-09-08"


def test_a_move_that_leaves_the_limit_where_it_is_says_so(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        new = publish(story, tmp_path, LONGER, day="2026-09-07")
        assert do(story, new).events[1:] == ()
        letter = story.expect(("calendar_moved", "hartwell"), ("calendar_moved", "fenn"))[0]
        assert "The present limit stays as it was." in letter.text
        assert letter.subject == "[NS-26-0001] Another version holds now"
        assert story.limit() == "Tue 08 Sep 17:00"


def test_nobody_is_made_late_by_a_shorter_rule_that_did_not_hold_for_them(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.until("2026-09-10 10:00")
        story.letters()
        new = publish(story, tmp_path, ("[clock.s2]", '"2 working days"', '"1 working day"'))
        assert look(story, new).refused == (
            'under version 2026-09-08 "Line managers resolve" would have ended at 17:00 on Wed 9 Sep, '
            "and nobody is late by a rule that did not hold for them"
        )
        assert look(story, new).events == ()


def test_a_stage_that_the_new_version_does_not_have_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        new = publish(story, tmp_path, LONGER)
        stages = {name: stage for name, stage in new.protocol.stages.items() if name != "2"}
        without = replace(new, protocol=replace(new.protocol, stages=stages))
        assert look(story, without).refused == "it is at Stage 2, which version 2026-09-08 does not have"
        first = {name: stage for name, stage in new.protocol.stages.items() if name != "1"}
        without = replace(new, protocol=replace(new.protocol, stages=first))
        assert look(story, without).refused == "it has been at Stage 1, which version 2026-09-08 does not have"


def test_what_waits_for_mailbot_waits_for_mailbot_first(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        new = publish(story, tmp_path, LONGER)
        later = story.now.replace(day=10, hour=17, minute=30)
        refused = move_to_version(_case(story, later), new, "M. Vane", "why not").refused
        assert refused.startswith("a limit has just come that has not been acted on")


def test_a_closed_dispute_a_version_to_come_and_the_same_version_are_refused(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        to_come = publish(story, tmp_path, LONGER, day="2026-10-01")
        assert story.site.current.protocol.version == "2026-09-01"
        assert look(story, to_come).refused == "version 2026-10-01 is not in force yet"
        assert look(story, story.site.current).refused == "it follows version 2026-09-01 already"
        assert is_older(_case(story, story.now), to_come)
        assert not is_older(_case(story, story.now), story.site.current)
        story.mail(
            "hartwell",
            "RESOLVED\nTobias Fenn visits K at home by 18 September 2026.",
            subject="RE: [NS-26-0001]",
            to=["fenn"],
        )
        asked = next(letter for letter in story.letters() if letter.letter == "proposed")
        story.mail("fenn", "CONFIRM", answers=asked)
        story.letters()
        assert look(story, to_come).refused == "it is closed, and stays as it was closed"
