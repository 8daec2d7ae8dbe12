"""The channel and the person told apart: whose refusal it is, what waits, and who is told by another way."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailbot.shell.servers.postman_interface import Outcome
from mailbot.shell.store.stored_values import LetterState
from mailbot.watching.sending_channel import down
from tests.scenarios.north_somerset.test_to_the_end import opened, raise_it
from tests.story import Story

SEND_AS = "550 5.7.60 SMTP; Client does not have permissions to send as this sender"
UNKNOWN = "550 5.1.1 <{}>: user unknown"


class Told:
    """Another way to somebody: what came by it."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def tell(self, subject: str, text: str, now: datetime) -> None:
        self.words.append(f"{subject}\n{text}")


class Deaf:
    """A way on which nobody can be told anything."""

    def tell(self, subject: str, text: str, now: datetime) -> None:
        raise ConnectionError


def states(story: Story) -> list[tuple[str, str]]:
    return [(x.letter, x.state.value) for x in story.store.letters(story.site.id, story.first)]


def raised(story: Story) -> None:
    raise_it(story, "2026-09-07 10:12")


def test_where_the_mailbox_may_not_send_every_letter_waits_and_goes_when_it_may_again(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        route = Told()
        story.bot.alarms.routes = (route,)
        story.postman.refuses_us = SEND_AS
        raised(story)
        story.expect()
        assert states(story) == [("opened", "deferred"), ("opened", "deferred")]
        found = down(story.store, story.site.id)
        assert found is not None
        assert found.words == SEND_AS
        (said,) = route.words
        assert "letters do not leave: 550 5.7.60" in said
        assert "(2 letters waiting)" in said
        story.until("2026-09-07 11:00")
        assert len(route.words) == 1, "once, and again after four hours"
        assert not any(state == "refused" for _, state in states(story))
        story.postman.refuses_us = ""
        story.until("2026-09-07 11:06")
        sent = [(x.letter, x.to) for x in story.letters()]
        assert sent == [("trouble_told", "bm"), ("opened", "hartwell"), ("opened", "fenn")]
        assert down(story.store, story.site.id) is None
        assert "letters leave again" in route.words[1]


def test_all_that_waited_goes_at_once_with_the_first_that_leaves(tmp_path: Path) -> None:
    """Danger is tried again after a minute, the rest after five: two minutes later all have left."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.refuses_us = SEND_AS
        raised(story)
        story.now += timedelta(minutes=1)
        story.mail("oakes", "K says she is at immediate risk of harm tonight.", subject="[NS-26-0001]")
        story.postman.refuses_us = ""
        story.now += timedelta(minutes=1, seconds=5)
        story.turn()
        sent = [x.letter for x in story.letters()]
        assert sent[0] in ("urgent", "urgent_told", "trouble_told")
        assert sorted(sent)[:2] == ["opened", "opened"]
        assert all(state == "sent" for _, state in states(story))


def test_one_reader_who_is_unknown_is_that_readers_alone(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.says = {story.address["fenn"]: UNKNOWN.format(story.address["fenn"])}
        raised(story)
        assert sorted((x.letter, x.to) for x in story.letters()) == [
            ("not_delivered", "bm"),
            ("not_delivered", "hartwell"),
            ("opened", "hartwell"),
        ]
        assert down(story.store, story.site.id) is None


def test_several_refused_alike_wait_until_something_shows_that_letters_leave(tmp_path: Path) -> None:
    """Two addresses that are gone, and nothing else to send: the word to the office leaves, and so it is theirs."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.says = {story.address[who]: UNKNOWN.format(story.address[who]) for who in ("fenn", "hartwell")}
        raised(story)
        assert states(story) == [("opened", "deferred"), ("opened", "deferred")]
        story.turn()
        assert {x.letter for x in story.letters()} == {"trouble_told", "not_delivered"}
        assert [state for _, state in states(story)[:2]] == ["refused", "refused"]
        assert down(story.store, story.site.id) is None


@pytest.mark.parametrize("words", ["554 5.7.1 message rejected as spam", "550 blocked by our list", "552 too much"])
def test_one_letter_alone_refused_in_words_about_nobody_waits_until_another_shows_whose_fault_it_was(
    tmp_path: Path, words: str
) -> None:
    """The answer to STATUS is all there is to send. Everybody is refused, one at a time: nobody's letter is lost."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        route = Told()
        story.bot.alarms.routes = (route,)
        opened(story)
        story.postman.says = dict.fromkeys(story.address.values(), words)
        story.mail("hartwell", "STATUS", subject="[NS-26-0001]")
        assert route.words == [], "nothing shows yet that it is more than one reader"
        assert states(story)[-1] == ("status", "deferred")
        story.until("2026-09-07 11:30")
        assert states(story)[-1] == ("status", "deferred")
        assert "letters do not leave" in route.words[0]
        story.postman.says = {}
        story.until("2026-09-07 11:40")
        story.expect(("trouble_told", "bm"), ("status", "hartwell"))


def test_where_the_word_to_the_office_leaves_it_was_the_readers_refusal(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        route = Told()
        story.bot.alarms.routes = (route,)
        opened(story)
        story.postman.says = {story.address["hartwell"]: "550 no such user here"}
        story.mail("hartwell", "STATUS", subject="[NS-26-0001]")
        story.turn()
        story.expect(("trouble_told", "bm"), ("not_delivered", "fenn"), ("not_delivered", "bm"))
        assert states(story)[2] == ("status", "refused")
        assert down(story.store, story.site.id) is None
        assert not any("letters do not leave" in said for said in route.words)


def test_where_everybody_is_put_off_in_the_same_words_nothing_leaves_and_status_says_so_at_once(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.script = {who: [Outcome.DEFERRED] * 30 for who in story.address.values()}
        raised(story)
        found = down(story.store, story.site.id)
        assert found is not None
        assert found.words == "scripted: deferred"
        story.until("2026-09-07 11:30")
        story.postman.script = {}
        story.until("2026-09-07 11:36")
        story.expect(("trouble_told", "bm"), ("opened", "hartwell"), ("opened", "fenn"))


def test_several_refused_by_a_policy_wait_though_others_leave(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raised(story)
        story.expect(("opened", "hartwell"), ("opened", "fenn"))
        no = "550 5.7.1 message refused by policy 4af00112"
        story.postman.says = {story.address["oakes"]: no, story.address["peake"]: no.replace("4af00112", "99ac3301")}
        story.until("2026-09-09 17:01")
        story.letters()
        waiting = {x.recipient for x in story.store.letters(story.site.id, story.first) if x.state == "deferred"}
        assert waiting == {story.address["oakes"], story.address["peake"]}
        story.postman.says = {}
        story.until("2026-09-09 18:00")
        story.letters()
        assert {x.state for x in story.store.letters(story.site.id, story.first)} <= {
            LetterState.SENT,
            LetterState.CANCELLED,
        }


def test_a_refusal_of_the_office_is_not_taken_for_the_offices_fault(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        route = Told()
        story.bot.alarms.routes = (route,)
        office = story.address["bm"]
        story.postman.says = {
            story.address["fenn"]: UNKNOWN.format(story.address["fenn"]),
            office: UNKNOWN.format(office),
        }
        raised(story)
        story.until("2026-09-07 10:30")
        story.expect(("opened", "hartwell"), ("not_delivered", "hartwell"))
        assert any("user unknown" in said for said in route.words)
        assert not any(office in said for said in route.words)
        story.postman.says = {}
        story.until("2026-09-07 11:00")
        story.expect(("trouble_told", "bm"), ("not_delivered", "bm"))


def test_a_refused_letter_is_sent_again_when_a_person_says_so(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.script = {story.address["fenn"]: [Outcome.REFUSED]}
        raised(story)
        story.letters()
        (refused,) = [x for x in story.store.open_letters(story.site.id) if x.state is LetterState.REFUSED]
        assert story.store.send_again(story.site.id, refused.id, story.now)
        assert not story.store.send_again(story.site.id, refused.id, story.now), "once"
        story.turn()
        story.expect(("opened", "fenn"))


def test_a_mailbox_that_cannot_be_read_for_half_an_hour_is_told_of_by_another_way(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        route = Told()
        story.bot.alarms.routes = (Deaf(), route)
        story.mailbox.down = "timed out"
        story.until("2026-09-07 09:50")
        assert route.words == []
        story.until("2026-09-07 10:05")
        story.until("2026-09-07 10:20")
        (said,) = route.words
        assert "the mailbox cannot be read: mail.example:993: timed out" in said
        story.mailbox.down = ""
        story.until("2026-09-07 10:25")
        assert "the mailbox can be read again" in route.words[1]


class Killed(BaseException):
    """As kill -9, at a point that was named."""


def test_whoever_dies_between_refused_and_told_tells_it_the_next_time(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.says = {story.address["fenn"]: UNKNOWN.format(story.address["fenn"])}

        def dies(point: str) -> None:
            if point == "given up":
                raise Killed

        alive, story.bot._postroom._passing = story.bot._postroom._passing, dies
        with pytest.raises(Killed):
            raised(story)
        story.bot._postroom._passing = alive
        assert ("opened", "sending") in states(story), "not refused, because nobody has been told"
        story.store.free_claims(story.site.id, story.now)
        story.turn()
        assert sorted((x.letter, x.to) for x in story.letters()) == [
            ("not_delivered", "bm"),
            ("not_delivered", "hartwell"),
            ("opened", "hartwell"),
        ]
