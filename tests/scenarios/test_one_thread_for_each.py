"""A dispute is one thread for each of its people, from the first email to the last letter, in whatever they read it.

Each of the five procedures through three of its stages, with mail as Outlook writes it: ids of ninety characters, and
between the replies mails that a button began, which answer nothing. Gmail and Outlook cannot be run here; Outlook's own
headers are held to what it goes by, and what is lost in Gmail is said in ``mailbot/mail/letters/compose.py``.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from pathlib import Path

import pytest

from mailbot.core.partnership.directory import Directory
from mailbot.shell.servers.postman_interface import Outcome
from tests.jwz import Mail, threads
from tests.people import DIRECTORY
from tests.pressing import link
from tests.scenarios.gloucestershire import telling as gloucestershire
from tests.scenarios.north_somerset import test_to_the_end as north_somerset
from tests.scenarios.plymouth import telling as plymouth
from tests.scenarios.sunderland import people as sunderland
from tests.scenarios.wolverhampton import people as wolverhampton
from tests.story import TRUSTED, Sent, Story


@dataclass
class Correspondence:
    """A story's mail as each of its people has it: what they wrote, were copied into, and were sent."""

    story: Story
    mailboxes: dict[str, list[bytes]] = field(default_factory=dict)
    letters: list[Sent] = field(default_factory=list)
    count: int = 0

    def outlook(self, by: str, body: str, subject: str, answers: bytes = b"", to: tuple[str, ...] = ()) -> None:
        """Somebody writes from Outlook; the bot takes it in, and what it sends arrives."""
        self.count += 1
        sender = self.story.address[by]
        host = "LO2P265MB4400.GBRP265.PROD.OUTLOOK.example"
        own_id = f"<LO2P265MB4400{self.count:04d}{'9F3A7C1E' * 4}@{host}>"
        assert len(own_id) >= 90
        head = [
            f"Authentication-Results: {TRUSTED}; dmarc=pass header.from={sender.rpartition('@')[2]}",
            f"From: {sender}",
            f"To: {', '.join(self.story.address[one] for one in (*to, 'mailbox'))}",
            f"Subject: {subject}",
            f"Date: {self.story.now:%a, %d %b %Y %H:%M:%S %z}",
            f"Message-ID: {own_id}",
        ]
        if answers:
            parent = _parsed(answers)
            before = (*_ids(parent, "References"), str(parent["Message-ID"]))
            head += [f"In-Reply-To:\r\n {before[-1]}", "References: " + "\r\n ".join(before)]
        raw = ("\r\n".join([*head, "Content-Type: text/plain; charset=utf-8"]) + f"\r\n\r\n{body}\r\n").encode()
        for one in (by, *to):
            self.mailboxes.setdefault(one, []).append(raw)
        self.story.deliver(raw)
        self.arrive()

    def arrive(self) -> None:
        for sent in self.story.letters():
            self.letters.append(sent)
            self.mailboxes.setdefault(sent.to, []).append(sent.raw)

    def until(self, when: str) -> None:
        self.story.until(when)
        self.arrive()

    def last(self, to: str) -> Sent:
        return [one for one in self.letters if one.to == to][-1]

    def reply(self, by: str, body: str, to: tuple[str, ...] = ()) -> None:
        self.outlook(by, body, f"RE: {self.last(by).subject}", self.last(by).raw, to)

    def press(self, by: str, word: str, filled: str) -> None:
        """The newest button of that word that this person has."""
        for letter in reversed([one for one in self.letters if one.to == by]):
            with suppress(LookupError):
                subject, body = link(letter, word)
                self.outlook(by, body + filled, subject)
                return
        raise LookupError(f"{by} has no button {word}: {[(x.letter, x.to) for x in self.letters]}")


def _parsed(raw: bytes) -> Message:
    return BytesParser(policy=compat32).parsebytes(raw)


def _ids(message: Message, name: str) -> list[str]:
    return str(message.get(name, "")).split()


def _mail(raw: bytes) -> Mail:
    message = _parsed(raw)
    references = dict.fromkeys((*_ids(message, "References"), *_ids(message, "In-Reply-To")))
    return Mail(str(message["Message-ID"]).strip(), tuple(references), " ".join(str(message["Subject"]).split()))


def _components(mails: Iterable[Mail]) -> int:
    """How many threads by RFC 5322 alone: mails joined by every id that they, or what they refer to, have in common."""
    groups: list[set[str]] = []
    for mail in mails:
        together = {mail.id, *mail.references}
        apart = [group for group in groups if not group & together]
        groups = [*apart, together.union(*(group for group in groups if group & together))]
    return len(groups)


@dataclass(frozen=True)
class Told:
    """A procedure's story: who opens it with what, and whose turn it is on the raising side at three stages of it."""

    protocol: str
    directory: Directory
    people: dict[str, str]
    body: str
    other: str
    ladder: tuple[str, str, str] = ("hartwell", "oakes", "lyle")

    def story(self, folder: Path) -> Story:
        return Story(folder, "2026-09-07 09:30", self.protocol, self.directory, people=self.people)


NS = Told(
    "north-somerset",
    DIRECTORY,
    {},
    north_somerset.RAISED,
    "fenn",
)
STORIES = (
    NS,
    Told(
        "wolverhampton",
        wolverhampton.OURS,
        wolverhampton.PEOPLE,
        wolverhampton.RAISED,
        "fenn",
    ),
    Told(
        "gloucestershire",
        gloucestershire.GLOUCESTERSHIRE,
        gloucestershire.PEOPLE,
        gloucestershire.RAISED.format(more=""),
        "fenn",
    ),
    Told(
        "plymouth",
        plymouth.PLYMOUTH,
        plymouth.PEOPLE,
        plymouth.RAISED,
        "fenn",
    ),
    Told(
        "sunderland",
        sunderland.OURS,
        sunderland.PEOPLE,
        sunderland.RAISED,
        "dunmore",
    ),
)
OPENING = "Professional difference, escalation, dispute - K.W."


def whole(told: Told, story: Story) -> Correspondence:
    """Raised, talked about, moved up by a reply, moved up by a button, a date for the child, and settled."""
    post = Correspondence(story)
    first, second, third = told.ladder
    post.outlook(first, told.body, OPENING, to=(told.other,))
    post.reply(told.other, "NOTE\nThank you, we are looking at it.", to=(first,))
    post.until("2026-09-07 14:00")
    post.reply(first, "ESCALATE\nWhat remains unresolved: whether K is a child in need.")
    post.until("2026-09-08 09:30")
    post.press(second, "ESCALATE", "whether K is a child in need.")
    post.until("2026-09-09 09:30")
    post.reply(third, "NEEDED BY 10 September 2026 because of the hearing")
    post.until("2026-09-09 09:40")
    post.press(third, "RESOLVED", "a visit by 18 September 2026.")
    asked = [one for one in post.letters if one.letter == "proposed"][-1]
    post.reply(asked.to, "CONFIRM")
    post.until("2026-09-12 12:00")
    return post


Settled = tuple[Told, Correspondence]


@pytest.fixture(scope="module", params=STORIES, ids=[one.protocol for one in STORIES])
def settled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settled]:
    """Each procedure's story, played once."""
    told: Told = request.param
    with told.story(tmp_path_factory.mktemp(told.protocol)) as story:
        yield told, whole(told, story)


def test_it_is_one_thread_for_each_of_its_people(settled: Settled) -> None:
    _, post = settled
    assert post.story.dispute().outcome == "resolved"
    assert len(post.mailboxes) >= 6
    pressed = {"oakes", "lyle"}
    for who, raws in post.mailboxes.items():
        mails = [_mail(raw) for raw in raws]
        assert (who, _components(mails)) == (who, 1), "by RFC 5322"
        assert (who, len(threads(mails)), len(threads(mails, by_subject=False))) == (who, 1, 1), "by JWZ"
        if who not in pressed:  # a mail without references must come before what names it, in JWZ's own terms
            assert (who, len(threads(mails[::-1], by_subject=False))) == (who, 1)


def test_its_subjects_begin_with_the_reference_are_short_and_name_nobody(settled: Settled) -> None:
    told, post = settled
    subjects = {one.subject for one in post.letters}
    assert [one for one in subjects if not one.startswith(f"[{post.story.first}] ") or len(one) > 50] == []
    names = {word for officer in told.directory.officers for word in officer.person.name.split()} | {"K.W."}
    assert [(word, one) for word in names for one in subjects if word in one] == []


def test_who_is_asked_reads_it_and_by_when_in_the_subject_and_who_is_told_reads_that(settled: Settled) -> None:
    told, post = settled
    first, second = told.ladder[0], told.ladder[1]
    of = {(one.letter, one.to): one.subject.partition("] ")[2] for one in post.letters}
    assert re.fullmatch(r"Your turn by \w{3} \d+ Sep 5pm \(\w+ \d\)", of["opened", first])
    assert re.fullmatch(r"Your turn by \w{3} \d+ \w{3} 5pm \(\w+ \d\)", of["stage_entered", second])
    confirming = {subject for (letter, _), subject in of.items() if letter == "proposed"}
    assert {subject.partition(" (")[0] for subject in confirming} == {"Please confirm by Thu 10 Sep 5pm"}
    closed = {subject for (letter, _), subject in of.items() if letter == "closed"}
    assert closed - {"Agreed and closed: for information"} == {"Agreed and closed: please file"}


def test_its_letters_are_one_conversation_of_outlooks(settled: Settled) -> None:
    _, post = settled
    parsed = [_parsed(one.raw) for one in post.letters]
    assert {str(one["Thread-Topic"]) for one in parsed} == {post.story.first}
    indexes = [base64.b64decode(str(one["Thread-Index"])) for one in parsed]
    assert {(len(one), one[0]) for one in indexes} == {(27, 1)}
    assert len({one[:22] for one in indexes}) == 1, "the header block names the conversation"
    assert indexes == sorted(indexes, key=lambda one: one[22:26]), "the child blocks are in the order of time"


def test_its_folder_is_one_thread_with_the_summaries_filed_there(settled: Settled) -> None:
    _, post = settled
    filed = [_mail(held.raw) for held in post.story.mailbox.filed["Disputes", post.story.first]]
    domain = post.story.site.address.rpartition("@")[2]
    *ended, closed = [one.subject.partition("] ")[2] for one in filed if one.id.endswith(f"{domain}>")]
    assert [one.partition(" (")[0] for one in ended] == ["Summary for your file"] * 2
    assert closed == "Agreed and closed: please file"
    assert len([one for one in filed if not one.references]) == 3, "the opening email, and two that buttons began"
    assert len(threads(filed, by_subject=False)) == _components(filed) == 1


def test_letters_of_a_stage_can_be_told_apart_in_a_list(tmp_path: Path) -> None:
    """A date, a refusal, a status, a handover, a resolution proposed and put back: each says what it is."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        north_somerset.at_stage_2(story)
        ref = "[NS-26-0001]"
        said = (
            "NEEDED BY 9 September 2026 because of the hearing",
            "AGREE BY 30 September 2026",
            "STATUS",
            "HELP",
            "RESOLVED\nA visit by 11 September 2026.",
            "WRONG\nI meant nothing of the kind.",
            "HANDOVER TO Edmund Garth, edmund.garth@seamoor.example until 30 September 2026",
        )
        for n, words in enumerate(said):
            story.mail("peake", words, f"2026-09-09 10:{n:02d}", subject=ref)
        story.until("2026-09-09 16:59")
        sent = {one.letter: one.subject.removeprefix(f"{ref} ") for one in story.letters() if one.to != "bm"}
        of = {name: sent[name] for name in ("date_refused", "protective_date", "status", "proposed", "handed_over")}
        assert of == {
            "date_refused": "Date not agreed: limit Wed 9 Sep 5pm",
            "protective_date": "Sooner for the child: Wed 9 Sep 5pm",
            "status": "Where it stands: Stage 2",
            "proposed": "Please confirm by Wed 9 Sep 5pm",
            "handed_over": "For information: handed over",
        }


def test_the_warnings_of_danger_say_whom_to_ring(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        north_somerset.at_stage_2(story)
        story.mail("oakes", "K says she is at immediate risk of harm tonight.", subject="[NS-26-0001]")
        of = {one.letter: one.subject for one in story.letters()}
        assert of == {
            "urgent": "[NS-26-0001] Ring 999 if a child may be in danger",
            "urgent_told": "[NS-26-0001] Urgent: please ring the writer now",
        }


def test_the_long_ids_of_exchange_are_intact_in_the_bytes_that_are_sent(settled: Settled) -> None:
    told, post = settled
    opening = _mail(post.mailboxes[told.ladder[0]][0]).id
    assert len(opening) == 94
    for who, raws in post.mailboxes.items():
        confirmed = [_mail(raw).id for raw in raws if raw.endswith(b"\r\n\r\nCONFIRM\r\n")]
        if confirmed:
            closed = next(one for one in post.letters if (one.letter, one.to) == ("closed", who))
            assert f"\r\nReferences: {opening}\r\n <".encode() in closed.raw
            assert f"\r\nIn-Reply-To: {confirmed[0]}\r\n".encode() in closed.raw
            return
    raise AssertionError("nobody confirmed")


def test_a_letter_that_was_refused_leaves_no_hole_in_its_readers_thread(tmp_path: Path) -> None:
    with NS.story(tmp_path) as story:
        story.postman.script = {story.address["peake"]: [Outcome.REFUSED]}
        post = whole(NS, story)
        mails = [_mail(raw) for raw in post.mailboxes["peake"]]
        refused = {r.message_id for r in story.store.letters(story.site.id, story.first) if r.state == "refused"}
        assert refused
        assert mails
        assert len(threads(mails, by_subject=False)) == _components(mails) == 1
        assert [one.id for one in mails if refused & set(one.references)] == []


@pytest.mark.parametrize("own_id", ["Message-ID: <root@b.example>\r\n", ""])
def test_however_many_letters_on_the_first_id_is_still_the_same(own_id: str, tmp_path: Path) -> None:
    """We name the opening email, where it has an id, and our last eight; what of them is lost leaves one thread."""
    head = (
        f"Authentication-Results: {TRUSTED}; dmarc=pass header.from=larkfield.sch.example\r\n{own_id}"
        "From: i.hartwell@larkfield.sch.example\r\nTo: tobias.fenn@seamoor.example\r\nCc: escalation@nsscp.example\r\n"
        "Subject: [ESCALATION] Stage 1 - K.W.\r\n"
    )
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.deliver(f"{head}\r\n{north_somerset.RAISED}".encode())
        sent = [one for one in story.letters() if one.to == "fenn"]
        for n in range(11):
            hour, past = divmod(n * 15, 60)
            story.mail("fenn", "STATUS", f"2026-09-07 {10 + hour}:{past:02d}", subject="[NS-26-0001]")
            sent += story.letters()
        mails = [_mail(one.raw) for one in sent]
        assert len(mails) == 12
        assert max(len(one.references) for one in mails) == 10
        root = "<root@b.example>" if own_id else mails[0].id
        assert {one.references[0] for one in mails if one.references} == {root}
        for some in (mails, mails[::3], mails[9:], [mails[0], mails[-1]], mails[::-1]):
            assert len(threads(some, by_subject=False)) == 1


# The two measures themselves can fail


def _of(name: str, *references: str, subject: str = "x") -> Mail:
    return Mail(name, references, subject)


def test_jwz_finds_the_threads_that_its_author_describes() -> None:
    chain = [_of("a"), _of("b", "a"), _of("c", "a", "b")]
    assert len(threads(chain)) == len(threads(reversed(chain))) == 1
    assert len(threads([_of("a", subject="one"), _of("b", subject="two")])) == 2
    assert len(threads([_of("a", subject="one"), _of("b", subject="Re: one")])) == 1, "step 5"
    assert len(threads([_of("a", subject="one"), _of("b", subject="Re: one")], by_subject=False)) == 2
    siblings = [_of("b", "gone"), _of("c", "gone")]
    assert len(threads(siblings, by_subject=False)) == 1, "an empty container holds them together"
    loop = [_of("a", "b"), _of("b", "a")]
    assert sum(map(len, threads(loop))) == 2, "nothing is lost in a loop"
    assert _components([_of("b", "gone"), _of("c", "gone"), _of("d", "other")]) == 2


def test_without_references_a_late_joiners_thread_falls_apart(settled: Settled) -> None:
    letters = [_mail(one.raw) for one in settled[1].letters if one.to == "lyle"]
    alone = [Mail(one.id, (), one.subject) for one in letters]
    assert len(letters) > 2
    assert len(threads(alone, by_subject=False)) == _components(alone) == len(letters)
