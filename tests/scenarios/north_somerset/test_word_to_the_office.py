"""What the Business Manager hears of how things stand: a word each working day, the digest on Mondays, and a past week
made again as it was."""

from datetime import UTC, date
from pathlib import Path

import pytest

from mailbot.mail.letters.render import Rendered
from mailbot.turns.digest_and_reports import Reporter
from mailbot.turns.ledger_and_outbox import Scribe
from tests.scenarios.north_somerset.test_hazards import DANGER
from tests.scenarios.north_somerset.test_to_the_end import OF_STAGE_2, at_stage_2, opened, raise_it
from tests.sites import LETTERS
from tests.story import Sent, Story, at

STAGE_3 = (
    *[("summary", who) for who in (*OF_STAGE_2, "bm")],
    ("stage_entered", "lyle"),
    ("stage_entered", "stroud"),
    ("reminder", "oakes"),
    ("reminder", "peake"),
)


def said(letter: Sent) -> str:
    return letter.text.replace("\r\n", "\n")


def test_a_word_comes_on_mornings_on_which_a_limit_falls_and_on_mondays_the_digest_is_it(tmp_path: Path) -> None:
    """NS-02; hazard G20: on other mornings there is nothing to tell, and nobody is told nothing."""
    with Story(tmp_path, "2026-09-07 09:30", heartbeat=True) as story:
        opened(story)
        story.until("2026-09-08 07:59")
        story.expect()
        story.until("2026-09-08 08:00")
        word = story.expect(("heartbeat", "bm"))[0]
        assert word.subject == "NSSCP: I am working, 1 open, 0 past the limit"
        assert "I am working: 1 open, 0 past the limit, mail last read Tue 8 Sep 08:00, letters waiting 0." in said(
            word
        )
        assert "Today, at the latest; sooner if the child needs it:\n\n- NS-26-0001, Stage 1, with " in said(word)
        assert word.text.index("ring 999.") < word.text.index("8 Sep")
        story.until("2026-09-08 08:30")
        story.expect()
        story.until("2026-09-08 17:00")
        story.letters()
        story.until("2026-09-09 08:30")
        story.expect()
        story.until("2026-09-10 17:00")
        story.expect(("heartbeat", "bm"), *STAGE_3)
        story.until("2026-09-13 23:00")
        story.expect()
        story.until("2026-09-14 08:00")
        digest = story.expect(("digest", "bm"))[0]
        assert "I am working: mail last read Mon 14 Sep 08:00, letters waiting 0." in digest.text
        assert "0 need you" not in digest.text


def test_a_word_comes_each_working_morning_while_mail_waits_for_the_office(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30", heartbeat=True) as story:
        story.mail("somebody@freemail.example", "I know that family.", "2026-09-07 11:00", subject="K")
        for day in ("08", "09"):
            story.until(f"2026-09-{day} 08:00")
            (word,) = story.expect(("heartbeat", "bm"))
            assert "- Message 1: the sender is not recognised: no agency of the directory" in said(word)
            assert "No limit falls today." in said(word)
        story.store.dismiss(story.site.id, 1, "bm", "dealt with", story.now.astimezone(UTC))
        story.until("2026-09-10 08:30")
        story.expect()


def test_no_word_comes_while_nothing_is_open(tmp_path: Path) -> None:
    """Hazard G20: a letter that says nothing is soon not read."""
    with Story(tmp_path, "2026-09-07 09:30", heartbeat=True) as story:
        story.until("2026-09-08 09:00")
        story.expect()
        opened(story, "2026-09-08 10:00")
        story.until("2026-09-08 12:00")
        story.expect()


def test_on_a_bank_holiday_there_is_neither_and_the_day_after_the_digest(tmp_path: Path) -> None:
    """NS-02; the summer bank holiday of 2026 is a Monday."""
    with Story(tmp_path, "2026-08-27 09:30", heartbeat=True) as story:
        opened(story, "2026-08-27 10:00")
        story.until("2026-08-28 08:00")
        story.expect(("heartbeat", "bm"))  # a limit falls
        story.until("2026-08-28 17:00")
        story.letters()
        story.until("2026-08-31 12:00")
        story.expect()
        story.until("2026-09-01 08:00")
        story.expect(("digest", "bm"))


def test_after_an_outage_there_is_one_word_with_the_limits_that_passed_meanwhile(tmp_path: Path) -> None:
    """Hazard G3: no burst, and a list."""
    with Story(tmp_path, "2026-09-07 09:30", heartbeat=True) as story:
        opened(story)
        story.now = at("2026-09-10 11:00")  # nothing ran from Monday to Thursday
        story.turn()
        word = story.expect(
            ("heartbeat", "bm"),
            ("summary", "hartwell"),
            ("summary", "fenn"),
            ("stage_entered", "oakes"),
            ("stage_entered", "peake"),
        )[0]
        assert "these limits passed." in said(word)
        assert "- NS-26-0001, Stage 1: Tue 8 Sep 17:00" in said(word)
        story.until("2026-09-11 08:30")
        story.expect()


def test_a_mailbox_out_of_reach_is_said_with_the_hour_it_was_last_read(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30", heartbeat=True) as story:
        opened(story)
        story.mailbox.down = "no route to host"
        story.until("2026-09-08 08:00")
        story.expect(("unreachable_told", "bm"))
        story.until("2026-09-08 11:59")
        story.expect(("reminder", "hartwell"), ("reminder", "fenn"))
        story.until("2026-09-08 12:01")
        word = story.expect(("heartbeat", "bm"))[0]
        assert "mail last read Mon 7 Sep 10:12" in said(word)


def _again(story: Story, day: date) -> Rendered:
    scribe = Scribe(story.site, story.store, LETTERS)
    reporter = Reporter(story.site, story.store, LETTERS, scribe)
    return reporter.again(day, story.now.astimezone(UTC))[1]


def test_a_past_week_is_made_again_as_it_was_whatever_has_happened_since(tmp_path: Path) -> None:
    """The digest of the day can say besides when the mailbox was last read; nothing else differs."""
    with Story(tmp_path, "2026-09-07 07:30") as story:
        story.expect()
        raise_it(story)
        story.until("2026-09-10 17:00")
        story.mail("somebody@freemail.example", "I know that family.", "2026-09-11 10:00", subject="K")
        story.until("2026-09-14 08:00")
        sent = next(letter for letter in story.letters() if letter.letter == "digest" and "14 Sep" in letter.subject)
        working = " I am working: mail last read Mon 14 Sep 08:00, letters waiting 0."
        once = _again(story, date(2026, 9, 7))
        assert once.text == said(sent).replace(working, "")
        assert "Message 1 has waited 2 days: the sender is not recognised: no agency of the directory" in once.text
        assert "NS-26-0001, Stage 3" in once.text
        story.store.dismiss(story.site.id, 1, "bm", "dealt with", story.now.astimezone(UTC))
        story.mail("hartwell", "WITHDRAW: it is settled", "2026-09-15 10:00", subject="RE: [NS-26-0001]")
        story.letters()
        assert story.dispute().outcome == "withdrawn"
        story.until("2026-09-21 08:00")
        story.expect(("digest", "bm"))
        for day in (date(2026, 9, 7), date(2026, 9, 9), date(2026, 9, 13)):
            again = _again(story, day)
            assert (again.text, again.html) == (once.text, once.html)
        with pytest.raises(ValueError, match="has not ended"):
            _again(story, date(2026, 9, 22))


def test_what_waits_for_a_person_is_sorted_by_what_it_is_with_its_number_and_the_lines_that_act(tmp_path: Path) -> None:
    """Part 1: danger first, then what cannot be read, what is unclear for more than a working day, quarantine."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("hartwell", DANGER, "2026-09-09 10:00", subject="RE: [NS-26-0001]")
        story.deliver(b"\x00" * 40)
        story.mail("somebody@freemail.example", "I know that family.", "2026-09-09 11:00", subject="K")
        story.mail("reed", "Could somebody look at this?", "2026-09-09 12:00", subject="K.W.")
        story.mail("brook", "Is this the right place?", "2026-09-11 16:00", subject="a matter")
        story.mail("another@freemail.example", DANGER, "2026-09-12 11:00", subject="K")
        story.until("2026-09-14 08:00")
        digest = next(letter for letter in story.letters() if letter.letter == "digest" and "14 Sep" in letter.subject)
        text = said(digest)
        part = text[text.index("NEEDS YOU") : text.index("THIS WEEK")]
        heads = (
            "Possible immediate danger",
            "Could not be read",
            "Unclear for more than a working day",
            "In quarantine",
        )
        places = [part.index(head) for head in heads]
        assert places == sorted(places)
        assert "Told at once: Line manager (Larkfield Primary School), Line manager (Seamoor Council" in part
        assert "NSSCP Business Manager" in part
        urgent, _, others = part.partition("Could not be read")
        assert urgent.count("\n- ") == 2
        assert "has waited 1 day: the sender is not recognised" in urgent
        assert "has waited 4 days: the sender is not recognised" in others
        assert "- Urgent messages: 2." in text
        for line in (
            "N -> REF",
            "RELEASE N",
            "DISMISS N because ...",
            "HOLD REF because ...",
            "GO ON REF",
            "REOPEN REF because ...",
            "UNDO",
        ):
            assert f"- {line}: " in part
        assert "mailto:escalation@nsscp.example?subject=RELEASE%202&amp;body=RELEASE%202" in digest.html
        for name in ("Hartwell", "Imogen", "Tobias", "freemail", "K.W"):
            assert name not in text
