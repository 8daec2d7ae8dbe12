"""The standing item at every meeting: a report on case resolutions, to the Quality Assurance Subgroup."""

from datetime import date
from email import message_from_bytes
from pathlib import Path

import pytest

from mailbot.turns.digest_and_reports import MeetingReport
from tests.scenarios.plymouth.telling import opened, plymouth
from tests.sites import LETTERS


def test_the_subgroup_has_the_report_once_with_its_two_papers(tmp_path: Path) -> None:
    """PL-13 PL-14: one email, a document and a spreadsheet; the same period is not sent again."""
    with plymouth(tmp_path) as story:
        opened(story)
        story.until("2026-10-01 09:00")
        story.letters()
        meeting = MeetingReport(story.site, story.store, LETTERS)
        with pytest.raises(ValueError, match="has not ended"):
            meeting.put(date(2026, 9, 1), date(2026, 10, 31), story.now)
        assert len(meeting.put(date(2026, 9, 1), date(2026, 9, 30), story.now)) == 1
        assert meeting.put(date(2026, 9, 1), date(2026, 9, 30), story.now) == ()
        story.turn()
        sent = [letter for letter in story.letters() if letter.letter != "digest"]
        assert [letter.letter for letter in sent] == ["meeting_report"]
        assert "- Raised: 1 (up from 0)" in sent[0].text
        assert sent[0].text.index("ring 999") < sent[0].text.index("1 September 2026")
        names = [part.get_filename() for part in message_from_bytes(sent[0].raw).walk() if part.get_filename()]
        assert names == ["report-2026-09-01-to-2026-09-30.docx", "report-2026-09-01-to-2026-09-30.xlsx"]
