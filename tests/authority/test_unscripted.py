"""Situations that nobody scripted, told as stories: who tries what, at the second stage, and nothing comes of it; or
what must come of it all the same."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.authority.telling import AGREED, LESS, Told, to, told
from tests.authority.test_stories import DANGER, WITHOUT_MANAGERS, _moves_on, _pressed
from tests.people import ADDRESS, DIRECTORY
from tests.scenarios.north_somerset.test_to_the_end import RAISED

VANCE, MARLOW = "ADD sidonie.vance@westmere-nhs.example", "ADD c.marlow@tarn-trust.example"


def _now(story: Told) -> tuple[object, ...]:
    """Everything of a dispute that an act changes; a view is nobody's act."""
    d = story.dispute()
    fields = {key: value for key, value in d.fields.items() if not key.endswith(":receiving")}
    return d.state, d.stage, d.outcome, d.child, d.raising, d.receiving, d.parties, fields, d.protective, d.proposal, (
        d.open_date, d.agreed_dates, d.move_held, d.routes, d.redacted, d.links,
    )  # fmt: skip


# Who says what, in a dispute in which the head has brought in a colleague and a nurse of an uninvolved trust.
IN_VAIN = [
    ("vance", "ESCALATE\nI agree with the school."),
    ("vance", "WITHDRAW\nNot needed now."),
    ("vance", AGREED),
    ("vance", "AGREE BY 18 September 2026"),
    ("vance", "NEEDED BY 10 September 2026 because of court"),
    ("vance", "HANDOVER TO Octavian Reed, octavian.reed@westmere-nhs.example"),
    ("vance", "ADD octavian.reed@westmere-nhs.example"),
    ("vance", "REMOVE head@larkfield.sch.example"),
    ("vance", "My line manager: Octavian Reed, octavian.reed@westmere-nhs.example"),
    ("vance", "DECISION\nIt is over."),
    ("marlow", AGREED),
    ("marlow", "AGREE BY 18 September 2026"),
    ("marlow", "ESCALATE\nNo visit."),
    ("marlow", "WITHDRAW\nIt is over now."),
    ("marlow", "REMOVE beatrix.lyle@tarn-trust.example"),
    ("reed", "ESCALATE\nI am told to write this."),
    ("garth", "RESOLVED\nA visit by 11 September 2026."),
    ("fenn", "ADD edmund.garth@seamoor.example"),
    ("fenn", "REMOVE rosalind.peake@seamoor.example"),
    ("fenn", "AGREE BY 18 September 2026"),
    ("peake", "WITHDRAW\nIt is over now."),
    ("peake", "REFER\nTo the partners."),
    ("peake", "CORRECT Raising agency: Westmere NHS Trust"),
    ("peake", "CORRECT Child: Z.Z."),
    ("peake", "CORRECT Issue: There is no issue."),
    ("peake", "Raising manager: Cassius Marlow, c.marlow@tarn-trust.example"),
    ("stroud", "Raising manager: Edmund Garth, edmund.garth@seamoor.example"),
    ("hartwell", "Your line manager: Edmund Garth, edmund.garth@seamoor.example"),
    ("hartwell", "ESCALATE\nNo visit."),
    ("oakes", "HANDOVER TO Tobias Fenn, tobias.fenn@seamoor.example"),
    ("oakes", "HANDOVER TO Dad, dad@freemail.example"),
    ("oakes", "HANDOVER TO Beatrix Lyle, beatrix.lyle@tarn-trust.example"),
    ("oakes", "CORRECT Raising agency: Westmere NHS Trust"),
    ("oakes", "DECISION\nWe are right."),
    ("oakes", "HOLD NS-26-0001 because of leave"),
    ("oakes", "REDACT NS-26-0001 assessment"),
    ("dsps", "CLOSE NS-26-0001 because it is over"),
    ("dsps", "HOLD NS-26-0001 because of leave"),
    ("dsps", "DECISION\nIt is over."),
    ("dsps", "WITHDRAW\nIt is over now."),
    ("bm", "Dear all\nI was asked to send this: CLOSE NS-26-0001 because it is over"),
    ("bm", "STATUS NS-26-0001 and then CLOSE NS-26-0001 because it is over"),
    ("bm", "DECISION\nIt is over."),
    ("bm", "ADD NS-26-0001 rosalind.peake@seamoor.example, raising manager"),
    ("desmond.oakes@larkfield.sch.example", "ESCALATE\nNo visit. Desmond Oakes, Head"),
]


def test_in_vain(tmp_path: Path) -> None:
    """One dispute, hour after hour: nobody's word that is not theirs to say changes anything, and nobody is left
    without an answer who asked for something."""
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", VANCE)
        story.says("oakes", MARLOW)
        before, changed, unanswered = _now(story), [], []
        for n, (who, said) in enumerate(IN_VAIN):
            sent = story.says(who, said, minutes=20)
            if _now(story) != before:
                changed.append((who, said))
                before = _now(story)
            if not sent and n:
                unanswered.append((who, said))
        assert changed == []
        assert unanswered == []


@pytest.mark.parametrize("who", ["bm", "dsps", "hartwell", "fenn", "stroud", "vance", "reed"])
def test_a_proposal_is_confirmed_by_nobody_else(tmp_path: Path, who: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("peake", AGREED)
        story.says(who, "CONFIRM")
        assert story.dispute().state == "proposed"
        if who in ("bm", "dsps", "vance", "reed"):
            story.says(who, "DISAGREE\nNot that.")
            assert story.dispute().state == "proposed"


@pytest.mark.parametrize("who", ["hartwell", "stroud", "vance", "dad@freemail.example"])
def test_a_button_passed_on_is_nobody_elses(tmp_path: Path, who: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        subject, body = _pressed(to(story.says("peake", AGREED), "oakes"), "CONFIRM")
        story.comes(who, body, subject=subject)
        story.comes(who, f"CONFIRM\n{subject}", subject="hello")
        assert not story.is_closed


def test_an_old_button_confirms_nothing_that_was_put_after_it_was_reopened(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        subject, body = _pressed(to(story.says("peake", AGREED), "oakes"), "CONFIRM")
        story.comes("oakes", body, subject=subject)
        assert story.is_closed
        story.says("hartwell", "REOPEN\nIt has begun again.")
        story.says("peake", LESS)
        story.comes("oakes", f"{body}\n", subject=subject, head=("X-Relay: yes",))
        assert not story.is_closed


def test_whoever_has_left_neither_presses_nor_answers(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.comes("oakes", "ESCALATE\nNo visit.", verdict=""), "oakes")
        subject, body = _pressed(to(story.says("peake", AGREED), "oakes"), "CONFIRM")
        officers = tuple(
            replace(one, active=one.person.address != ADDRESS["oakes"]) if one.active else one
            for one in DIRECTORY.officers
        )
        _moves_on(story, replace(DIRECTORY, officers=officers))
        story.comes("oakes", body, subject=subject)
        story.says("oakes", "YES", answers=asked)
        assert (story.is_closed, story.dispute().stage) == (False, "2")


def test_whoever_was_taken_out_confirms_nothing_and_is_told_nothing(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.says("peake", AGREED), "oakes")
        story.says("lyle", "REMOVE head@larkfield.sch.example")
        story.says("oakes", "CONFIRM", answers=asked)
        assert not story.is_closed
        sent = [letter for letter in story.says("oakes", "STATUS") if letter.to == "oakes"]
        assert not any("Peake" in letter.text for letter in sent)


def test_after_a_handover_the_one_who_took_over_acts(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example")
        story.says("oakes", "ESCALATE\nNo visit.")
        assert story.dispute().stage == "2"
        story.says("marlow", "ESCALATE\nNo visit.")
        assert story.dispute().stage == "3"


def test_after_silence_whoever_raised_it_goes_on_and_nobody_who_was_brought_in(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", VANCE)
        story.says("oakes", MARLOW)
        story.says("bm", "HOLD NS-26-0001 because of a meeting")
        story.until("2026-09-11 09:30")
        story.letters()
        for who in ("vance", "marlow", "fenn", "peake"):
            story.says(who, "ESCALATE\nNo visit.")
            assert story.dispute().stage == "2", who
        story.says("hartwell", "ESCALATE\nNo visit.")
        assert story.dispute().stage == "3"


def test_it_is_reopened_by_the_raiser_managers_and_the_office(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", VANCE)
        story.says("oakes", MARLOW)
        story.says("oakes", "WITHDRAW\nIt is settled now.")
        for who in ("marlow", "vance", "fenn", "dsps", "reed"):
            story.says(who, "REOPEN\nIt has begun again.")
            assert story.is_closed, who
        story.says("hartwell", "REOPEN\nIt has begun again.")
        assert not story.is_closed


def test_wrong_takes_back_nobody_elses(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", "ESCALATE\nNo visit.")
        for who in ("peake", "lyle", "hartwell", "bm", "fenn"):
            story.says(who, "WRONG")
            assert story.dispute().stage == "3", who


def test_a_second_wrong_to_one_letter_reaches_for_no_other_act(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        dated = to(story.says("oakes", "NEEDED BY 10 September 2026 because of court"), "oakes")
        story.says("oakes", "ESCALATE\nNo visit.")
        story.says("oakes", "WRONG", answers=dated)
        assert story.dispute().stage == "3"
        told = to(story.says("oakes", "WRONG", answers=dated), "oakes")
        assert (told.letter, story.dispute().stage) == ("refused", "3")
        assert "taken back already" in told.text


def test_what_both_have_agreed_one_does_not_take_back(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", "CONFIRM", answers=to(story.says("peake", AGREED), "oakes"))
        story.says("peake", "WRONG")
        assert story.is_closed


def test_agreed_to_a_letter_that_put_nothing_is_asked_about(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        noted = to(story.says("oakes", MARLOW), "oakes")
        story.says("peake", AGREED)
        asked = to(story.says("oakes", "Agreed, thanks.", answers=noted), "oakes")
        assert (story.is_closed, asked.letter) == (False, "question")
        story.says("oakes", "CONFIRM", answers=asked)
        assert story.is_closed


@pytest.mark.parametrize(
    ("head", "kind", "body"),
    [
        (("Auto-Submitted: auto-replied",), "text/plain", "CONFIRM"),
        (("X-Autoreply: yes",), "text/plain", "CONFIRM"),
        (
            (),
            "text/calendar; method=REPLY",
            "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nSUMMARY:CONFIRM\nEND:VEVENT\nEND:VCALENDAR",
        ),
        (
            (),
            'multipart/report; report-type=disposition-notification; boundary="B"',
            "--B\nContent-Type: text/plain\n\nCONFIRM\n--B\nContent-Type: message/disposition-notification\n\n"
            "Disposition: manual-action/MDN-sent-manually; displayed\n--B--\n",
        ),
        (
            (),
            'multipart/mixed; boundary="B"',
            "--B\nContent-Type: text/plain\n\nFor your file.\n--B\nContent-Type: message/rfc822\n\n"
            "From: head@larkfield.sch.example\n\nCONFIRM\n--B--\n",
        ),
    ],
)
def test_a_machine_confirms_nothing(tmp_path: Path, head: tuple[str, ...], kind: str, body: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.says("peake", AGREED), "oakes")
        story.comes("oakes", body, answers=asked, head=head, kind=kind)
        assert not story.is_closed


def test_a_no_lets_nothing_in_afterwards_and_nobody_answers_for_another(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.comes("hartwell", "WITHDRAW\nIt is over now.", verdict=""), "hartwell")
        for who, said in (("fenn", "YES"), ("oakes", "YES"), ("hartwell", "NO"), ("hartwell", "YES")):
            story.says(who, said, answers=asked)
            assert not story.is_closed, (who, said)


@pytest.mark.parametrize("who", ["lyle", "dsps", "peake"])
def test_only_the_office_lets_in(tmp_path: Path, who: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("oakes", "ESCALATE\nNo visit.", verdict="fail")
        story.says(who, "RELEASE 1")
        assert story.dispute().stage == "2"
        assert story.held()[0].startswith("the sending domain says")


def test_nobody_is_their_own_manager(tmp_path: Path) -> None:
    with Told(tmp_path).raised(WITHOUT_MANAGERS) as story:
        story.says("hartwell", "My line manager: Imogen Hartwell, i.hartwell@larkfield.sch.example")
        assert not any(p.role == "raising_manager" and p.person.address for p in story.dispute().parties)


def test_a_status_that_protects_less_is_a_view(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("hartwell", "CHILD STATUS: child protection plan")
        known = story.dispute().fields["child_status"]
        story.says("peake", "CHILD STATUS: none")
        assert story.dispute().fields["child_status"] == known


def test_one_persons_flood_waits_and_danger_in_it_does_not(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        sent = []
        for n in range(14):
            sent += story.says("peake", f"RESOLVED\nTobias visits K by {10 + n} September 2026.", minutes=2)
        assert len([letter for letter in sent if letter.to == "oakes"]) <= 12
        assert "bm" in told(sent)
        urgent = story.says("peake", f"RESOLVED\n{DANGER}", minutes=1)
        assert {"bm", "peake"} <= {letter.to for letter in urgent if letter.letter.startswith("urgent")}


@pytest.mark.parametrize(
    "how",
    [{"verdict": "fail"}, {"verdict": ""}, {"head": ("List-Id: <x>",)}, {"head": ("Auto-Submitted: auto-replied",)}],
)
def test_danger_is_heard_by_every_road(tmp_path: Path, how: dict[str, object]) -> None:
    with Told(tmp_path).at_stage_2() as story:
        sent = story.comes("oakes", DANGER, **how)
        assert "bm" in {letter.to for letter in sent if letter.letter.startswith("urgent")}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Siân Li", ("Siân Li", "Sian Li", "SIAN LI", "Sia\u0302n Li")),
        ("Zoë D'Arcy-O\u2019Neill", ("Zoe D'Arcy", "D'Arcy-O'Neill", "Zoe Darcy", "ZOË D\u2019ARCY")),
        ("Jo Li", ("Jo Li", "JO LI", "Jo  Li")),
        (
            "Ruby Whitcombe",
            ("ruby whitcombe", "Whitcombe, Ruby", "RubyWhitcombe", "Ruby J. Whitcombe", "ruby.whitcombe"),
        ),
    ],
)
def test_a_childs_name_goes_out_in_no_writing(tmp_path: Path, name: str, written: tuple[str, ...]) -> None:
    with Told(tmp_path) as story:
        story.mail(
            "hartwell", RAISED.replace("K.W.", name), "2026-09-07 10:12", subject="[ESCALATION] Stage 1", to=["fenn"]
        )
        story.until("2026-09-09 09:30")
        for said in written:
            story.now += timedelta(minutes=5)
            story.mail("peake", f"RESOLVED\n{said} is visited at home by 14 September 2026.", subject="[NS-26-0001]")
        story.mail("oakes", "CONFIRM", subject="[NS-26-0001]")
        sent = story._sent_since()
        shown = [part for letter in sent for part in (letter.subject, letter.text, letter.html)]
        assert [said for said in (name, *written) if any(said in part for part in shown)] == []
        assert len(sent) > 10


def test_what_was_too_much_at_once_is_done_when_the_office_lets_it_in(tmp_path: Path) -> None:
    with Told(tmp_path) as story:
        for n in range(4):
            child = f"{'ABCD'[n]}.Q."
            story.mail(
                "hartwell", RAISED.replace("K.W.", child), f"2026-09-07 10:1{n}", subject=f"[ESCALATION] {child}",
                to=["fenn"],
            )  # fmt: skip
        for n in range(4):
            story.mail("hartwell", "WITHDRAW\nNo longer needed.", f"2026-09-07 11:1{n}", subject=f"[NS-26-000{n + 1}]")
        assert story.dispute("NS-26-0004").is_open
        story.letters()
        story.mail("bm", "RELEASE 1", "2026-09-07 11:30", subject="a line")
        assert not story.dispute("NS-26-0004").is_open
        assert story.held() == []


def test_what_was_too_much_about_one_dispute_is_done_when_the_office_lets_it_in(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        for n in range(10):
            story.says("oakes", f"NOTE the {n}th thing we talked about", minutes=1)
        story.says("oakes", "ESCALATE\nNo visit was made.", minutes=1)
        assert (story.dispute().stage, len(story.held())) == ("2", 1)
        story.says("bm", "RELEASE 1", minutes=1)
        assert (story.dispute().stage, story.held()) == ("3", [])


def test_who_asks_much_in_an_hour_is_answered_later_and_never_dropped(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        sent = []
        for n in range(9):
            sent += story.says("peake", f"REMOVE {ADDRESS['hartwell']}\n{n}", minutes=1)
        assert len(sent) == 6
        story.until("2026-09-09 11:30")
        assert len([letter for letter in story.letters() if letter.letter == "refused"]) == 3


@pytest.mark.parametrize(
    ("who", "body"),
    [
        ("oakes", "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example is not needed."),
        ("oakes", "REMOVE beatrix.lyle@tarn-trust.example? I would never do that."),
        ("oakes", "NEEDED BY 10 September 2026 is what Rosalind says, and I do not agree."),
        ("oakes", "NEEDED BY 10 September 2026 because of the hearing\n\nis what Rosalind wants, and what I do not."),
        ("hartwell", "WITHDRAW would be a mistake."),
        ("hartwell", "WITHDRAW\nActually no, keep it open."),
        ("bm", "CLOSE NS-26-0001 because Tobias says so, which I doubt, so leave it open"),
        ("bm", "CLOSE NS-26-0001 because it is over unless Desmond objects by noon"),
        ("bm", "CLOSE NS-26-0001 because it is over\nDO NOT CLOSE NS-26-0001"),
        ("bm", "\u201cCLOSE NS-26-0001 because it is over\u201d"),
        ("bm", "REMOVE NS-26-0001 head@larkfield.sch.example only if he agrees"),
    ],
)
def test_a_command_that_is_spoken_of_or_taken_back_is_not_done(tmp_path: Path, who: str, body: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = _now(story)
        sent = story.comes(who, body)
        assert _now(story) == before
        assert told(sent) == {who}


@pytest.mark.parametrize("body", ["Yes, received.", "Yes, got it.", "Confirmed receipt, thanks.", "CONFIRM\nNot yet."])
def test_a_letter_that_has_come_is_not_agreed_to(tmp_path: Path, body: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.says("peake", AGREED), "oakes")
        assert told(story.comes("oakes", body, answers=asked)) == {"oakes"}
        assert not story.is_closed


@pytest.mark.parametrize("why", ["both sides wrote that it is settled", "the visit that was not made has been made"])
def test_the_office_closes_for_a_reason_in_any_words(tmp_path: Path, why: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("bm", f"CLOSE NS-26-0001 because {why}")
        assert story.is_closed


@pytest.mark.parametrize("verdict", ["", "none", "temperror", "softfail"])
def test_where_the_server_checks_a_yes_that_it_cannot_vouch_for_lets_nothing_in(tmp_path: Path, verdict: str) -> None:
    """Whoever forged the first mail forges the answer as easily: the head is asked again, and the office is told."""
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.comes("oakes", "ESCALATE\nNo visit.", verdict=""), "oakes")
        sent = story.comes("oakes", "YES", verdict=verdict, answers=asked)
        assert (story.dispute().stage, len(story.held())) == ("2", 1)
        assert {(letter.letter, letter.to) for letter in sent} == {("question", "oakes"), ("held_told", "bm")}
        assert "RELEASE 1" in to(sent, "bm").text
        assert "could not be checked" in to(sent, "oakes").text
        story.says("oakes", "YES", answers=to(sent, "oakes"))
        assert (story.dispute().stage, story.held()) == ("3", [])


def test_an_unproven_no_throws_nothing_out(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.comes("oakes", "ESCALATE\nNo visit.", verdict=""), "oakes")
        assert told(story.comes("oakes", "NO", verdict="", answers=asked)) == {"oakes", "bm"}
        assert len(story.held()) == 1
        story.says("oakes", "YES", answers=asked)
        assert story.dispute().stage == "3"


def test_whose_server_proves_nothing_ever_is_let_in_by_the_office(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.comes("oakes", "ESCALATE\nNo visit.", verdict=""), "oakes")
        sent = story.comes("oakes", "YES", verdict="", answers=asked)
        assert "Business Manager" in to(sent, "oakes").text
        story.says("bm", "RELEASE 1")
        assert (story.dispute().stage, story.held()) == ("3", [])


def test_an_end_let_in_by_the_office_waits_for_its_writer_who_is_not_locked_out(tmp_path: Path) -> None:
    """Who lets it in says where it belongs, and not who wrote it: a confirmation is asked of the address on record.
    Where nothing is ever proven of that domain, that letter's number is its answer once a person has looked."""
    with Told(tmp_path).at_stage_2() as story:
        story.says("peake", "RESOLVED\nTobias visits K by 11 September 2026.")
        story.comes("oakes", "CONFIRM", verdict="")
        sent = story.says("bm", "RELEASE 1")
        assert not story.is_closed
        assert story.held()[0].startswith("a person let it in, and nothing shows")
        story.comes("peake", "YES", verdict="", answers=to(sent, "oakes"))
        assert not story.is_closed
        story.comes("oakes", "YES", verdict="", answers=to(sent, "oakes"))
        assert story.is_closed
        assert not any(why.startswith("a person let it in") for why in story.held())


@pytest.mark.parametrize("second", ["", "none"])
def test_the_offices_line_is_not_its_own_when_neither_it_nor_its_yes_is_proven(tmp_path: Path, second: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.comes("bm", "CLOSE NS-26-0001 because it is over", verdict=""), "bm")
        sent = story.comes("bm", "YES", verdict=second, answers=asked)
        assert (story.is_closed, told(sent)) == (False, {"bm"})
        story.says("bm", "YES", answers=asked)
        assert story.is_closed


# Where agencies share a mail domain and the directory has no row for an address: a council's two services


UNLISTED = "n.pell@seamoor.example"


@pytest.mark.parametrize(
    ("who", "body"),
    [
        ("peake", f"HANDOVER TO Nora Pell, {UNLISTED}"),
        ("fenn", f"HANDOVER TO Nora Pell, {UNLISTED}"),
        ("stroud", f"ADD {UNLISTED}"),
        ("fenn", f"My line manager: Nora Pell, {UNLISTED}"),
        ("peake", f"My senior manager: Nora Pell, {UNLISTED}"),
        ("peake", f"CORRECT My line manager: Nora Pell, {UNLISTED}"),
    ],
)
def test_whom_the_directory_does_not_place_the_office_is_asked_about(tmp_path: Path, who: str, body: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = _now(story)
        sent = story.says(who, body)
        assert _now(story) == before
        assert told(sent) == {who, "bm"}
        asked = to(sent, "bm").text
        assert "Seamoor Council Children's Social Care and Seamoor Council Early Help use that email domain" in asked
        assert "Nothing was changed" in to(sent, who).text


def test_the_office_says_of_which_agency_somebody_is(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("peake", f"HANDOVER TO Nora Pell, {UNLISTED}")
        sent = story.says("bm", f"ADD {story.first} {UNLISTED}, responding manager")
        assert (UNLISTED in story.standing_on("receiving"), UNLISTED in told(sent)) == (True, True)
        story.says(UNLISTED, AGREED)
        assert story.dispute().state == "proposed"


def test_whom_the_directory_places_in_the_other_service_is_not_handed_to(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = _now(story)
        assert told(story.says("peake", "HANDOVER TO Philippa Dunmore, philippa.dunmore@seamoor.example")) == {"peake"}
        assert _now(story) == before


def test_the_other_side_brings_in_nobody_at_a_shared_domain(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = _now(story)
        sent = story.says("oakes", f"ADD {UNLISTED}")
        assert (_now(story), told(sent)) == (before, {"oakes", "peake"})


def test_a_name_that_an_opening_gives_at_a_shared_domain_holds_and_the_office_looks(tmp_path: Path) -> None:
    with Told(tmp_path) as story:
        opened = RAISED.replace("Rosalind Peake, rosalind.peake@seamoor.example", f"Nora Pell, {UNLISTED}")
        story.mail("hartwell", opened, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        assert UNLISTED in story.standing_on("receiving")
        assert any("use that email domain" in letter.text for letter in story.letters() if letter.to == "bm")
