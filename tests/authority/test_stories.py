"""Each way round authority, told as a story: nobody acts for another, and no answer counts for another question."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests.authority.telling import AGREED, LESS, Told, to, told
from tests.fakes import Outcome
from tests.people import ADDRESS, DIRECTORY
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.sites import bot_for, site_for
from tests.story import TRUSTED, Door, Sent

WITHOUT_MANAGERS = re.sub(r"(?m)^(?:Line|Senior) manager:.*\n", "", RAISED)


# Proof


@pytest.mark.parametrize(
    "line",
    [
        "CLOSE NS-26-0001 because it is over",
        "HOLD NS-26-0001 because of half-term",
        "REDACT NS-26-0001 assessment",
        "REMOVE NS-26-0001 head@larkfield.sch.example",
        "ADD NS-26-0001 octavian.reed@westmere-nhs.example",
    ],
)
def test_a_line_in_the_offices_name_waits_for_the_offices_own_answer(tmp_path: Path, line: str) -> None:
    with Told(tmp_path, trusted=()) as story:
        story.mail(
            "hartwell", RAISED, "2026-09-07 10:12", subject="[ESCALATION] K.W.", to=["fenn"], authenticated=False
        )
        asked = next(letter for letter in story._sent_since() if letter.to == "hartwell")
        story.comes("hartwell", "YES", verdict="", answers=asked)
        before = story.dispute()
        asked = story.comes("bm", line, verdict="", subject="a line")
        assert (told(asked), story.dispute()) == ({"bm"}, before)
        assert line.split()[0].lower() in to(asked, "bm").text.lower() or "withdraw" in to(asked, "bm").text
        story.comes("bm", "YES", verdict="", answers=to(asked, "bm"))
        assert story.dispute() != before


def test_what_failed_its_check_may_be_let_in_and_acts_only_when_the_address_on_record_has_answered(
    tmp_path: Path,
) -> None:
    with Told(tmp_path).at_stage_2() as story:
        held = story.comes("oakes", "ESCALATE\nNo visit.", verdict="fail")
        assert told(held) == {"bm"}
        assert "It came from" not in to(held, "bm").text
        assert ADDRESS["oakes"] in to(held, "bm").text
        asked = story.says("bm", "RELEASE 1")
        assert story.dispute().stage == "2"
        story.says("oakes", "YES", answers=to(asked, "oakes"))
        assert story.dispute().stage == "3"


def test_talk_that_failed_its_check_is_filed_when_the_office_lets_it_in(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("oakes", "I will ring Rosalind this afternoon.", verdict="fail")
        story.says("bm", "RELEASE 1")
        assert story.held() == []
        assert story.store.letters(story.site.id, story.first)[-1].letter != "was_it_you"


@pytest.mark.parametrize(
    "answer",
    [
        "Yes - message received.",
        "Yes, thank you for contacting us. A ticket has been made.",
        "Yes.\nThis is an automatic acknowledgement of your email.",
        "Yes but what is this about?",
        "YES\n\nIs this the one about Friday? I have not sent anything today.",
    ],
)
def test_what_only_begins_with_yes_answers_nothing(tmp_path: Path, answer: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.comes("oakes", "ESCALATE", verdict=""), "oakes")
        story.says("oakes", answer, answers=asked)
        assert story.dispute().stage == "2"
        story.says("oakes", "Yes, that was me.\n\nDesmond", answers=asked)
        assert story.dispute().stage == "3"


def test_a_yes_that_failed_its_check_is_no_answer_and_neither_is_a_no(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.comes("oakes", "ESCALATE", verdict=""), "oakes")
        story.comes("oakes", "NO", verdict="fail", answers=asked)
        story.comes("oakes", "YES", verdict="fail", answers=asked)
        assert story.dispute().stage == "2"
        story.says("oakes", "YES", answers=asked)
        assert story.dispute().stage == "3"


def test_the_question_tells_the_hour_the_subject_and_what_would_be_done_and_not_the_words(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(
            story.comes(
                "hartwell",
                "WITHDRAW\nThe father has moved away.",
                verdict="",
                subject="[NS-26-0001] see http://evil.example/login now",
            ),
            "hartwell",
        )
        said = " ".join(asked.text.split())
        assert "9:30am" in said
        assert "it withdraws the dispute, in NS-26-0001" in said
        assert "moved away" not in said
        assert "evil.example" not in said


# On whom


def test_what_one_side_says_of_the_others_people_is_put_to_that_side(tmp_path: Path) -> None:
    with Told(tmp_path).raised(WITHOUT_MANAGERS) as story:
        sent = story.says("fenn", "Your line manager: Edmund Garth, edmund.garth@seamoor.example")
        assert ("garth" in story.standing_on("raising"), told(sent)) == (False, {"fenn"}), "he is of no school"
        sent = story.says("fenn", "Your line manager: Cassius Marlow, c.marlow@tarn-trust.example")
        assert ("marlow" in story.standing_on("raising"), told(sent)) == (False, {"fenn", "hartwell"})
        assert "Cassius Marlow" in to(sent, "hartwell").text
        story.says("hartwell", "My line manager: Desmond Oakes, head@larkfield.sch.example")
        assert "oakes" in story.standing_on("raising")


def test_a_side_names_nobody_of_a_third_agency_and_is_asked_for_another(tmp_path: Path) -> None:
    with Told(tmp_path).raised(WITHOUT_MANAGERS) as story:
        sent = story.says("hartwell", "My line manager: Sidonie Vance, sidonie.vance@westmere-nhs.example")
        assert story.dispute().party(ADDRESS["vance"]) is None
        assert told(sent) == {"hartwell"}


def test_nobody_comes_to_stand_on_both_sides(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", "ADD rosalind.peake@seamoor.example")
        sent = story.says("bm", "ADD NS-26-0001 rosalind.peake@seamoor.example, raising manager")
        assert "peake" not in story.standing_on("raising")
        assert "nobody stands on both" in " ".join(to(sent, "bm").text.split())


@pytest.mark.parametrize("who", ["hartwell", "oakes", "lyle"])
def test_a_side_takes_nobody_of_the_others_out(tmp_path: Path, who: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("peake", f"REMOVE {ADDRESS[who]}")
        assert who in story.standing_on("raising")


def test_the_last_of_a_role_taken_out_leaves_a_question(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        sent = story.says("lyle", "REMOVE head@larkfield.sch.example")
        assert "oakes" not in story.standing_on("raising")
        assert any("Who acts instead" in " ".join(letter.text.split()) for letter in sent)


def test_whoever_is_brought_in_is_told_and_so_is_who_asked_and_of_a_third_agency_the_office(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        assert told(story.says("oakes", "ADD c.marlow@tarn-trust.example")) == {"oakes", "marlow"}
        assert told(story.says("oakes", "ADD sidonie.vance@westmere-nhs.example")) == {"oakes", "vance", "bm"}


def test_somebody_brought_in_from_another_agency_speaks_and_decides_nothing(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", "ADD sidonie.vance@westmere-nhs.example")
        for word in (
            "WITHDRAW\nNo longer needed.",
            "ESCALATE",
            AGREED,
            "NEEDED BY 10 September 2026 for court",
            "REOPEN",
        ):
            before = story.dispute().state, story.dispute().stage, story.limit()
            story.says("vance", word)
            assert (story.dispute().state, story.dispute().stage, story.limit()) == before
        story.says("peake", AGREED)
        story.says("vance", "CONFIRM")
        story.says("vance", "DISAGREE")
        assert story.dispute().state == "proposed"


def test_the_agency_complained_of_is_changed_by_the_side_that_raised_it(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        agency = story.dispute().receiving
        sent = story.says("peake", "CORRECT Receiving agency: Westmere NHS Trust")
        assert story.dispute().receiving == agency
        assert {"peake", "oakes"} <= told(sent)
        story.says("oakes", "CORRECT Receiving agency: Larkfield Primary School")
        assert story.dispute().receiving == agency
        story.says("oakes", "CORRECT Receiving agency: Westmere NHS Trust")
        assert story.dispute().receiving == "Westmere NHS Trust"


# In answer to what


def test_an_answer_counts_for_the_proposal_its_writer_was_shown(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        first = to(story.says("peake", AGREED), "oakes")
        second = to(story.says("peake", LESS), "oakes")
        sent = to(story.says("oakes", "CONFIRM", answers=first), "oakes")
        assert not story.is_closed
        assert "visits K" in sent.text
        assert "leaflet" in sent.text
        story.says("oakes", "CONFIRM", answers=second)
        assert story.is_closed


def test_where_two_were_put_a_typed_answer_is_asked_about_and_the_question_can_be_answered(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("peake", AGREED)
        story.says("peake", LESS)
        asked = to(story.says("oakes", "CONFIRM"), "oakes")
        assert not story.is_closed
        story.says("oakes", "CONFIRM", answers=asked)
        assert story.is_closed


def _pressed(letter: Sent, word: str) -> tuple[str, str]:
    links = (link.replace("&amp;", "&") for link in re.findall(r'href="(mailto:[^"]+)"', letter.html))
    asked = next(dict(parse_qsl(link.partition("?")[2])) for link in links if word in link)
    return asked["subject"], asked["body"]


def test_a_button_counts_for_the_proposal_of_its_own_letter(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        subject, body = _pressed(to(story.says("peake", AGREED), "oakes"), "CONFIRM")
        newer, _ = _pressed(to(story.says("peake", LESS), "oakes"), "CONFIRM")
        assert newer != subject
        story.comes("oakes", body, subject=subject)
        assert not story.is_closed
        story.comes("oakes", body, subject=newer)
        assert story.is_closed


def test_an_old_letter_moves_nothing_on_that_has_moved_since(tmp_path: Path) -> None:
    """The senior manager answers, on Friday, the letter of Stage 2: it is Stage 3 that is with her."""
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", "ADD beatrix.lyle@tarn-trust.example")
        old = to(story.says("lyle", "STATUS"), "lyle")
        story.until("2026-09-11 09:30")
        assert story.dispute().stage == "3"
        story.letters()
        for word in ("ESCALATE\nNo visit.", "REFER\nNo visit."):
            asked = to(story.says("lyle", word, answers=old), "lyle")
            assert story.dispute().stage == "3"
            said = " ".join(asked.text.split())
            assert "is of Stage 2. Since Thursday 10 September it has been at Stage 3" in said
        story.says("lyle", "ESCALATE\nNo visit.", answers=asked)
        assert story.dispute().stage == "4"


def test_a_decision_counts_for_the_referral_that_was_put(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        first = to(story.says("oakes", "REFER\nNo visit."), "dsps")
        assert story.dispute().stage == "4"
        story.says("oakes", "WRONG")
        assert story.dispute().stage == "2"
        story.says("oakes", "REFER\nAll of it: no visit, and no plan.", minutes=60)
        second = to(story.says("dsps", "DECISION\nK is visited by 18 September 2026.", answers=first), "dsps")
        assert not story.is_closed
        assert "is of Stage 4. Since Wednesday 9 September it has been at Stage 4 again" in " ".join(
            second.text.split()
        )
        story.says("dsps", "DECISION\nK is visited by 18 September 2026.", answers=second)
        assert story.is_closed


def test_what_is_gone_is_shown_to_whoever_answers_it(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.says("peake", AGREED), "oakes")
        story.says("hartwell", "DISAGREE\nThe plan says nothing of school.")
        sent = to(story.says("oakes", "CONFIRM", answers=asked), "oakes")
        assert not story.is_closed
        said = " ".join(sent.text.split())
        assert "Tobias visits K at home" in said
        assert "Imogen Hartwell did not agree to it" in said


def test_what_one_person_was_asked_is_not_confirmed_by_another(tmp_path: Path) -> None:
    """Each side's own RESOLVED without a date is asked about: the other's question was not theirs to answer."""
    with Told(tmp_path).at_stage_2() as story:
        vague = "RESOLVED\nTobias visits K at home."
        assert [x.letter for x in story.says("oakes", vague) if x.to == "oakes"] == ["question"]
        assert [x.letter for x in story.says("peake", vague) if x.to == "peake"] == ["question"]
        assert story.dispute().proposal is None


def test_wrong_takes_back_what_the_letter_it_answers_told_of(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        added = to(story.says("oakes", "ADD c.marlow@tarn-trust.example"), "oakes")
        story.says("oakes", AGREED, minutes=30)
        story.says("oakes", "WRONG", answers=added)
        assert story.dispute().state == "proposed"
        assert story.dispute().party(ADDRESS["marlow"]) is None


def test_wrong_takes_nothing_from_under_what_one_did_oneself(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        moved = to(story.says("oakes", "ESCALATE\nNo visit."), "oakes")
        story.says("lyle", "WRONG")
        story.says("oakes", "NEEDED BY 14 September 2026 because of the hearing")
        sent = story.says("oakes", "WRONG", answers=moved)
        assert told(sent)
        assert story.dispute().stage == "2"


def test_a_yes_to_a_colleague_is_talk(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("peake", AGREED)
        number = story.mail("peake", "Shall we meet on Thursday?", subject="RE: [NS-26-0001]", to=["oakes"])
        story.comes("oakes", "Agreed.", head=(f"In-Reply-To: {number}",))
        assert not story.is_closed
        story.comes("oakes", "CONFIRM", head=(f"In-Reply-To: {number}",))
        assert story.is_closed


# Once


def test_a_mail_counts_once_whatever_it_gained_on_the_way(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        raw = story.wire("oakes", "ESCALATE\nNo visit.")
        story.deliver(raw)
        story.says("oakes", "WRONG")
        assert story.dispute().stage == "2"
        story.deliver(b"Received: from relay.example by mx\r\nX-Spam: no\r\n" + raw)
        assert story.dispute().stage == "2"
        story.says("oakes", "ESCALATE\nNo visit.")
        assert story.dispute().stage == "3"


def test_an_order_counts_once_whatever_it_gained_on_the_way(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        raw = story.wire("bm", "HOLD NS-26-0001 because of half-term", subject="a line")
        story.deliver(raw)
        assert story.dispute().move_held is not None
        story.says("bm", "GO ON NS-26-0001")
        assert story.dispute().move_held is None
        story.deliver(b"Received: from relay.example by mx\r\n" + raw)
        assert story.dispute().move_held is None


def test_a_question_counts_once_whatever_it_gained_on_the_way(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        raw = story.wire("hartwell", "HELP", subject="HELP")
        story.deliver(raw)
        assert told(story.letters()) == {"hartwell"}
        story.deliver(b"Received: from relay.example by mx\r\n" + raw)
        assert story.letters() == []


def test_a_mail_that_comes_by_another_road_with_a_footer_counts_once(tmp_path: Path) -> None:
    """A list, or a rule that copies, sends it on with a line of its own below: other bytes, the same words."""
    with Told(tmp_path).at_stage_2() as story:
        raw = story.wire("oakes", "ESCALATE\nNo visit.")
        story.deliver(raw)
        story.says("oakes", "WRONG")
        story.deliver(raw + b"\r\n-- \r\nThe safeguarding list of Larkfield\r\n")
        assert story.dispute().stage == "2"


def test_wrong_reaches_back_five_working_days_and_two_behind_an_end(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", "WITHDRAW\nNo longer needed.")
        assert story.is_closed
        story.until("2026-09-11 16:00")
        story.says("oakes", "WRONG")
        assert not story.is_closed
        story.says("oakes", "WITHDRAW\nNo longer needed.")
        story.until("2026-09-17 09:00")
        story.says("oakes", "WRONG")
        assert story.is_closed
        story.says("hartwell", "REOPEN\nNobody visited.")
        assert not story.is_closed


def test_wrong_takes_back_nothing_that_another_rests_on(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", "ESCALATE\nNo visit.")
        story.says("lyle", "ESCALATE\nWhat remains unresolved: everything.")
        stages = [visit.stage for visit in story.dispute().visits]
        sent = story.says("oakes", "WRONG")
        assert [visit.stage for visit in story.dispute().visits] == stages == ["1", "2", "3", "4"]
        assert "others have acted on it since" in to(sent, "oakes").text


# Only what the writer says


@pytest.mark.parametrize(
    "page",
    [
        "<p><del>ESCALATE</del></p><p>No visit.</p>",
        "<style>.n{position:absolute;top:-3000px}</style><p class=n>ESCALATE</p><p>No visit.</p>",
        "<p style='color:#fefefe'>ESCALATE</p><p>No visit.</p>",
        "<table bgcolor='#222222'><tr><td><font color='#222222'>ESCALATE</font></td></tr></table><p>No visit.</p>",
        "<p style='font-size:0.1pt'>ESCALATE</p><p>No visit.</p>",
        "<input value=ESCALATE><p>No visit.</p>",
    ],
)
def test_what_its_reader_does_not_see_is_not_said(tmp_path: Path, page: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("oakes", f"<html><body>{page}</body></html>", kind="text/html; charset=utf-8")
        assert story.dispute().stage == "2"


@pytest.mark.parametrize(
    "body",
    [
        "Mum emailed me:\n\nESCALATE\nNobody does anything.",
        "Please see below.\n\n-----\nESCALATE\nNobody does anything.",
        "FYI\n\n\tESCALATE\n\tNobody does anything.",
        "This came from the grandmother's solicitor:\n\nESCALATE\nNobody does anything.",
        "Ysgrifennodd y fam:\n\nESCALATE\nNobody does anything.",
    ],
)
def test_what_is_passed_on_asks_nothing(tmp_path: Path, body: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("oakes", body)
        assert story.dispute().stage == "2"


def test_danger_in_what_is_passed_on_is_heard(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        sent = story.comes("oakes", "Mum wrote:\n\nHe says he will kill K tonight and he has a knife.")
        assert {"oakes", "bm"} <= {letter.to for letter in sent if letter.letter.startswith("urgent")}


DANGER = "Dad has a knife and says he will kill K tonight."


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        ("hartwell", "ESCALATE\n{danger}"),
        ("peake", "REMOVE i.hartwell@larkfield.sch.example\n{danger}"),
        ("fenn", "WITHDRAW\nIt is over. {danger}"),
        ("oakes", "RESOLVED\nTobias visits K as soon as possible. {danger}"),
        ("oakes", "DECISION\nK is moved. {danger}"),
        ("oakes", "HANDOVER TO Sidonie Vance, sidonie.vance@westmere-nhs.example\n{danger}"),
    ],
)
def test_what_is_refused_or_asked_beside_danger_is_told_after_it_and_apart(
    tmp_path: Path, who: str, asked: str
) -> None:
    with Told(tmp_path).at_stage_2() as story:
        sent = story.says(who, asked.format(danger=DANGER))
        mine = [letter.letter for letter in sent if letter.to == who]
        assert mine[0] == "urgent"
        assert mine[1] in ("refused", "question")
        assert len(mine) == 2
        assert sent[0].letter in ("urgent", "urgent_told")
        answer = next(letter for letter in sent if letter.to == who and letter.letter != "urgent")
        assert "knife" not in answer.text


def test_whoever_is_told_of_danger_still_hears_that_it_is_their_turn(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        sent = story.says("oakes", f"ESCALATE\n{DANGER}")
        for who in ("lyle", "stroud"):
            assert [letter.letter for letter in sent if letter.to == who][-1] == "stage_entered"


@pytest.mark.parametrize(
    "body",
    [
        "Please do not do this:\nHOLD NS-26-0001 because of leave",
        "Rosalind asks for the following, I said no.\nHOLD NS-26-0001 because of leave",
        "The council wrote:\n\nHOLD NS-26-0001 because of leave",
    ],
)
def test_an_order_below_other_words_is_not_done(tmp_path: Path, body: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("bm", body, subject="RE: the digest")
        assert story.dispute().move_held is None


def test_an_order_below_a_sentence_is_not_done_with_those_above_it(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = "STATUS NS-26-0001\nRosalind asks for the next one, and I said no.\nHOLD NS-26-0001 because of leave"
        sent = story.comes("bm", asked, subject="a line")
        assert story.dispute().move_held is None
        assert "below other words" in " ".join(to(sent, "bm").text.split())


# Machines


def test_an_automatic_reply_that_nothing_proves_is_told_to_nobody(tmp_path: Path) -> None:
    away = ("Auto-Submitted: auto-replied",)
    said = "I am away until 5 October 2026. Please contact Edmund Garth, edmund.garth@seamoor.example."
    with Told(tmp_path).at_stage_2() as story:
        for verdict in ("", "fail"):
            sent = story.comes("oakes", said, verdict=verdict, head=away, subject="Automatic reply: x")
            assert sent == []
        sent = story.comes("oakes", said, head=away, subject="Automatic reply: x")
        assert "bm" in told(sent)
        assert "garth" not in told(sent)


def _came_back(story: Told, letter: Sent, of: str, reporter: str, verdict: str, named: str = "") -> list[Sent]:
    page = (
        "--B\nContent-Type: text/plain\n\nUndeliverable\n--B\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {named or ADDRESS[of]}\nAction: failed\n"
        f"Status: 5.1.1\n\n--B\nContent-Type: message/rfc822\n\nMessage-ID: {letter.message_id}\n\nx\n--B--\n"
    )
    kind = 'multipart/report; report-type=delivery-status; boundary="B"'
    return story.comes(reporter, page, verdict=verdict, subject="Undelivered Mail Returned to Sender", kind=kind)


@pytest.mark.parametrize(
    "reporter",
    ["mailer-daemon@seamoor.example", "postmaster@mail.seamoor.example", "mailer-daemon@nsscp.example",
     "MAILER-DAEMON@mx.nsscp.example", "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@nsscp.example"],
)  # fmt: skip
def test_a_letter_that_came_back_is_told_when_a_server_that_had_it_says_so(tmp_path: Path, reporter: str) -> None:
    with Told(tmp_path).raised() as story:
        story.until("2026-09-09 09:30")
        sent = _came_back(story, to(story.letters(), "peake"), "peake", reporter, "pass")
        assert {letter.letter for letter in sent} == {"not_delivered", "stage_entered"}, "and their deputy has it now"
        assert {"bm", "oakes"} <= told(sent)


@pytest.mark.parametrize(
    ("reporter", "verdict"),
    [
        ("mailer-daemon@seamoor.example", ""),  # nothing shows whose it is
        ("mailer-daemon@seamoor.example", "fail"),
        ("mailer-daemon@larkfield.sch.example", "pass"),  # another agency's server, and truly its own
        ("mailer-daemon@westmere-nhs.example", "pass"),
        ("mailer-daemon@freemail.example", "pass"),
        ("mailer-daemon@seamoor.example.relay.example", "pass"),
        ("mailer-daemon@notseamoor.example", "pass"),
        ("tobias.fenn@seamoor.example", "pass"),  # a colleague is no server
    ],
)
def test_a_report_of_any_other_is_put_before_the_office_and_told_to_nobody_else(
    tmp_path: Path, reporter: str, verdict: str
) -> None:
    with Told(tmp_path).raised() as story:
        story.until("2026-09-09 09:30")
        letter = to(story.letters(), "peake")
        before = story.dispute()
        sent = _came_back(story, letter, "peake", reporter, verdict)
        assert (told(sent), story.dispute(), len(story.held())) == ({"bm"}, before, 1)


def test_a_report_that_the_office_lets_in_is_kept_and_counts_for_nothing(tmp_path: Path) -> None:
    """A machine's word is its server's to prove: whoever has read it sees to the address themselves."""
    with Told(tmp_path).raised() as story:
        story.until("2026-09-09 09:30")
        _came_back(story, to(story.letters(), "peake"), "peake", "mailer-daemon@seamoor.example", "")
        before = story.dispute()
        assert {letter.letter for letter in story.says("bm", "RELEASE 1")} == {"transcript"}
        assert (story.dispute(), story.held()) == (before, [])


def test_a_report_about_somebody_who_never_had_the_letter_counts_for_nothing(tmp_path: Path) -> None:
    with Told(tmp_path).raised() as story:
        story.until("2026-09-09 09:30")
        letter = to(story.letters(), "oakes")
        sent = _came_back(story, letter, "oakes", "mailer-daemon@larkfield.sch.example", "pass", ADDRESS["peake"])
        assert told(sent) == {"bm"}
        assert {one.letter for one in sent} == {"held_told"}


# Leaving


def _moves_on(story: Told, directory: object) -> None:
    story.site = site_for(story.site.id, story.now.date(), directory, (TRUSTED,), False, Door((TRUSTED,)))  # type: ignore[arg-type]
    story.bot = bot_for(story.site, story.store, story.mailbox, story.postman)


def test_a_letter_that_waited_is_withdrawn_from_whoever_has_left_and_the_office_is_told(tmp_path: Path) -> None:
    with Told(tmp_path).raised() as story:
        story.postman.script = {ADDRESS["peake"]: [Outcome.DEFERRED]}
        story.until("2026-09-08 17:00")
        story.letters()
        officers = tuple(o for o in DIRECTORY.officers if o.person.address != ADDRESS["peake"])
        _moves_on(story, replace(DIRECTORY, officers=officers))
        story.until("2026-09-08 19:00")
        sent = story.letters()
        assert "peake" not in told(sent)
        assert "bm" in told(sent)


def test_a_row_struck_out_revokes_and_a_colleague_who_never_had_one_still_counts(tmp_path: Path) -> None:
    body = RAISED.replace("Beatrix Lyle, beatrix.lyle@tarn-trust.example", "Nia Pell, n.pell@larkfield.sch.example")
    with Told(tmp_path).at_stage_2(body) as story:
        officers = tuple(o for o in DIRECTORY.officers if o.person.address != ADDRESS["oakes"])
        _moves_on(story, replace(DIRECTORY, officers=officers))
        story.says("oakes", "ESCALATE\nNo visit.")
        assert story.dispute().stage == "2"
        story.says("n.pell@larkfield.sch.example", "ESCALATE\nNo visit.")
        assert story.dispute().stage == "3"


# Budgets


def test_a_flood_of_forged_mail_spends_nothing_of_what_its_victim_needs(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        for n in range(9):
            story.comes("oakes", f"ESCALATE {n}", verdict="", subject=f"x{n}")
        story.comes("oakes", "ESCALATE\nNo visit.", verdict="")
        story.until("2026-09-10 08:30")
        assert [letter.letter for letter in story.letters() if letter.to == "oakes"].count("was_it_you") >= 1


def test_many_mails_that_wait_are_told_by_one_letter_with_their_number(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        sent = []
        for n in range(30):
            sent += story.comes(f"x{n}@larkfie1d.sch.example", "hello", verdict="", subject="hello")
        story.until("2026-09-09 12:00")
        rest = [letter for letter in story.letters() if letter.to == "bm"]
        assert 0 < len(sent) <= 8
        assert any("30 messages have come to wait" in " ".join(letter.text.split()) for letter in rest)
        assert {"bm", "fenn"} <= told(story.says("fenn", "K is in immediate danger, dad has a knife."))


def test_danger_told_in_a_flood_of_danger_reaches_the_office_within_minutes(tmp_path: Path) -> None:
    """Six alarms of strangers are told one by one, and the seventh is a mother's."""
    with Told(tmp_path).at_stage_2() as story:
        for n in range(12):
            story.comes(f"x{n}@freemail.example", DANGER, verdict="", subject="hello")
        story.letters()
        story.until("2026-09-09 09:40")
        said = [" ".join(letter.text.split()) for letter in story.letters() if letter.to == "bm"]
        assert any("of them words may mean immediate danger: please look at those now" in one for one in said)


def test_a_flood_costs_the_digest_one_line(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        for n in range(40):
            story.comes(f"x{n}@freemail.example", "hello", verdict="", subject="hello")
        story.comes("oakes", "ESCALATE", verdict="fail")
        story.until("2026-09-14 09:30")
        digest = next(letter for letter in story.letters() if letter.letter == "digest")
        assert digest.text.count("the sender is not recognised") == 1
        assert "40 messages, from 1 to 40, have waited" in digest.text
        assert "Message 41 has waited" in digest.text


def test_one_address_ends_three_disputes_in_an_hour_and_the_rest_wait(tmp_path: Path) -> None:
    with Told(tmp_path) as story:
        for n in range(5):
            body = RAISED.replace("K.W.", f"{'ABCDE'[n]}.Q.")
            story.mail(
                "hartwell", body, f"2026-09-07 10:{10 + n}", subject=f"[ESCALATION] {'ABCDE'[n]}.Q.", to=["fenn"]
            )
        story.letters()
        for n in range(5):
            subject = f"[NS-26-000{n + 1}]"
            story.mail("hartwell", "WITHDRAW\nNo longer needed.", f"2026-09-07 11:{10 + n}", subject=subject)
        ended = [not story.dispute(f"NS-26-000{n + 1}").is_open for n in range(5)]
        assert ended == [True, True, True, False, False]
        assert "bm" in told(story.letters())


# RESOLVED changes no limit


def test_resolved_by_the_side_asked_holds_nothing_and_stands_when_it_moves_on(tmp_path: Path) -> None:
    with Told(tmp_path).raised() as story:
        story.mail("fenn", AGREED, "2026-09-08 16:55", subject="RE: [NS-26-0001]")
        asked = to(story.letters(), "hartwell")
        story.until("2026-09-08 17:05")
        assert (story.dispute().stage, story.dispute().state) == ("2", "proposed")
        story.says("hartwell", "CONFIRM", answers=asked)
        assert story.is_closed


def test_resolved_by_the_raising_side_holds_the_move_for_two_working_days(tmp_path: Path) -> None:
    with Told(tmp_path).raised() as story:
        story.mail("hartwell", AGREED, "2026-09-08 16:55", subject="RE: [NS-26-0001]")
        story.until("2026-09-10 16:55")
        assert story.dispute().stage == "1"
        story.until("2026-09-10 17:05")
        assert story.dispute().stage == "2"
