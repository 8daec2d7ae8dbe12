"""What one reader gets told: whose turn it is, by when, what else happens, and what is still needed from them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mailbot.core.notices.notice import Notice
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.intents import Person
from mailbot.mail.letters.buttons import REPLIES, mailto, words_in
from mailbot.mail.letters.letter import LetterView, plain_view
from mailbot.mail.letters.wording import child_shown, first_name, headline_of, hour_words, inside, veiled
from tests.unit.mail.letters import letter_stories as s


def _told(letter: str, to: Person, **changes: object) -> LetterView:
    """The view for the first true occasion of ``letter`` to this person."""
    notice, dispute, now = next(c for c in s.letters() if c[0].letter == letter and c[0].to == to)
    return s.seen(replace(notice, **changes), dispute, now)  # type: ignore[arg-type]


def test_the_first_letter_says_who_has_the_ball_and_what_happens_otherwise() -> None:
    view = _told("opened", s.BARNABY)
    assert view.limit == "5pm on Tuesday 8 September 2026"
    assert view.limit_short == "Tue 8 Sep 5pm"
    assert view.ball == "It is now for you and Wilhelmina Fernsby (Harbourside Primary School) to speak to each other."
    assert view.by == "by 5pm on Tuesday 8 September at the latest"
    assert view.otherwise == "If nothing is recorded by then, it goes to Stage 2."
    assert view.child == "J.T."


def test_the_limit_shows_its_working_and_the_cap_over_it() -> None:
    view = _told("opened", s.BARNABY)
    assert view.working == (("Mon 7 Sep", "the day it was raised, not counted"), ("Tue 8 Sep", "day 1"))
    assert view.caps == ("Stages 1 to 3 together: Mon 14 Sep 5pm at the latest.",)


def test_bank_holidays_are_named_in_the_working_and_closed_days_are_said_with_the_risk_line() -> None:
    christmas_eve = datetime(2026, 12, 24, 10, tzinfo=UTC)
    dispute = s.opened(christmas_eve)
    view = s.seen(Notice("opened", s.BARNABY, dispute.history[0], acts=True), dispute, christmas_eve)
    assert view.working == (
        ("Thu 24 Dec", "the day it was raised, not counted"),
        ("Fri 25 Dec", "Christmas Day, not counted"),
        ("Sat 26 to Sun 27 Dec", "weekend, not counted"),
        ("Mon 28 Dec", "Boxing Day, not counted"),
        ("Tue 29 Dec", "day 1"),
    )
    assert view.closed_before == "Fri 25 Dec, Sat 26 Dec, Sun 27 Dec and Mon 28 Dec"
    assert [p.shown for p in view.phones] == ["Front door: 01632 960001 (weekdays)", "Out of hours: 01632 960002"]
    assert [p.dialled for p in view.phones] == ["01632960001", "01632960002"]


def test_each_reader_is_asked_only_for_what_their_own_side_still_owes() -> None:
    assert _told("opened", s.BARNABY).missing == ("Barnaby, we still need your senior manager's name and email.",)
    assert _told("opened", s.WILHELMINA).missing == ()


def test_a_raiser_who_named_nobody_is_asked_who_it_is_with() -> None:
    dispute = s.opened(receiving="")
    mine = tuple(p for p in dispute.parties if p.side is Side.RAISING)
    kept = replace(dispute, parties=mine, receiving_agencies=())
    view = s.seen(Notice("opened", s.WILHELMINA, kept.history[0], acts=True), kept, s.MONDAY)
    assert "Wilhelmina, who is it with? Please send the other agency, and the person's name and email." in view.missing


def test_a_name_without_an_address_is_asked_about_by_name() -> None:
    named = e.PersonRecorded(at=s.MONDAY, role="responding_senior", side=Side.RECEIVING, person=Person("", "Ivo Marsh"))
    dispute = s.later(s.opened(), named)
    view = s.seen(Notice("opened", s.BARNABY, dispute.history[0], acts=True), dispute, s.MONDAY)
    assert view.missing == ("Barnaby, we still need an email address for Ivo Marsh.",)


def test_the_raising_side_may_escalate_and_the_receiving_side_is_offered_to_say_its_view() -> None:
    assert [b.word for b in _told("stage_entered", s.OCTAVIA).buttons] == ["RESOLVED", "ESCALATE"]
    assert [b.word for b in _told("stage_entered", s.EVADNE).buttons][:2] == ["RESOLVED", "NOT RESOLVED"]
    assert _told("stage_entered", s.EVADNE).buttons[1].consequence == (
        "Recorded as your view. Harbourside Primary School is asked whether to move it up."
    )


def test_the_merely_told_are_asked_for_nothing() -> None:
    view = _told("stage_told", s.WILHELMINA)
    assert view.buttons == ()
    assert view.also == ()


def test_at_the_last_managers_stage_the_next_step_is_a_referral() -> None:
    view = _told("refer_question", s.HORATIO)
    assert [b.word for b in view.buttons] == ["REFER", "RESOLVED"]
    assert view.ball == "It is now for you to say whether it is to go to Stage 4."
    assert "through the NSCP Business Manager" in view.buttons[0].consequence


def test_those_who_decide_are_offered_a_decision_and_those_who_pass_it_on_are_not() -> None:
    assert [b.word for b in _told("referred", s.PARTNERS).buttons] == ["DECISION"]
    assert _told("referred", s.PARTNERS).buttons[0].consequence.endswith("it is final and binding.")
    assert _told("referred", s.OFFICE).buttons == ()
    assert _told("referred", s.OFFICE).greeting == "NSCP Business Manager"


def test_a_proposal_waits_for_the_other_side_and_shows_actions_without_a_date() -> None:
    view = _told("proposed", s.EVADNE)
    assert view.ball == "It is now for you to confirm what was agreed."
    assert [b.word for b in view.buttons] == ["CONFIRM", "DISAGREE"]
    assert [(a.what, a.who, a.by) for a in view.told.actions] == [
        ("Joint visit", "Barnaby Quill", "Monday 14 September 2026"),
        ("Report back", "Octavia Samplewood", ""),
    ]


def test_only_the_writer_of_a_phrase_is_offered_wrong() -> None:
    understood = replace(s.PROPOSED, understood=True)
    assert [b.word for b in _told("proposed_told", s.OCTAVIA, event=understood).buttons] == ["WRONG"]
    notice, dispute, now = next(c for c in s.letters() if c[0].letter == "proposed_told")
    raiser = s.seen(replace(notice, to=s.WILHELMINA, event=understood), dispute, now)
    assert [b.word for b in raiser.buttons] == ["DISAGREE"], "her manager's word is not hers"


def test_free_words_are_shown_with_the_childs_name_cut_to_initials() -> None:
    rows = {row.label: row for row in _told("opened", s.BARNABY).recorded}
    assert rows["Impact on the child"].value == "J. is tired and hungry at school."
    assert (
        rows["What it is about"].value == "The referral for J. was closed without a visit.\nWe think a visit is needed."
    )
    assert rows["What it is about"].by == "Harbourside Primary School"


def test_the_childs_full_name_and_birthday_are_in_no_letter() -> None:
    dispute = s.later(
        s.opened(),
        e.FieldRecorded(at=s.MONDAY, key="child_name", value="Jamie Thornbury"),
        e.FieldRecorded(at=s.MONDAY, key="child_dob", value="2015-03-12"),
    )
    view = s.seen(Notice("status", s.BARNABY, dispute.history[0]), dispute, s.MONDAY)
    assert "2015" not in repr(view)
    assert "Thornbury" not in repr(view)


def test_a_question_gets_a_button_for_each_word_it_offers() -> None:
    assert words_in("Did you mean to record a disagreement? Reply OPEN or IGNORE.") == ("OPEN", "IGNORE")
    assert words_in("Please reply AGREE BY and the actual date, or NOT RESOLVED.") == ("AGREE BY", "NOT RESOLVED")
    assert words_in("Is CSC the agency you mean?") == ()
    assert words_in("If it is about something else, reply WRONG CASE, and it is opened.") == ("WRONG CASE",)


def test_no_button_is_for_what_somebody_else_is_to_be_asked_or_another_letter_takes() -> None:
    assert words_in("Please ask them to reply HANDOVER TO with your name; or reply NOTE.") == ("NOTE",)
    assert words_in("Who decided it? Please ask them to reply DECISION and its words.") == ()
    assert words_in("Please answer the letter that asked you once more, with YES or NO and nothing else.") == ()


@pytest.mark.parametrize(
    ("called", "shown"),
    [
        ("Jamie Thornbury", "J.T."),
        ("J.T.", "J.T."),
        ("JT", "J.T."),
        ("Jamie T", "J.T."),
        ("AMY", "A."),
        ("Jamie and Kit Thornbury", "J. and K.T."),
        ("baby of S.K.", "baby of S.K."),
        ("UBB", "unborn baby"),
        ("P1, P2 and P3", "P1, P2 and P3"),
        ("Jamie Thornbury-Vale (12/03/2015)", "J.T.V."),
        ("", "the child"),
        ("case 40917", "C."),
        ("12/03/2015", "the child"),
    ],
)
def test_a_child_is_never_more_than_initials(called: str, shown: str) -> None:
    assert child_shown(called) == shown


def test_a_partnership_may_show_no_initials_at_all() -> None:
    assert child_shown("J.T.", "adult", "reference") == "the adult"


def test_a_childs_name_is_veiled_in_any_case_and_other_words_are_left() -> None:
    assert veiled("JAMIE's teacher saw jamie.", "Jamie") == "J.'s teacher saw J."
    assert veiled("The baby of Sam", "baby of Sam") == "The baby of S."


def test_hours_and_greetings_are_said_as_people_say_them() -> None:
    day = date(2026, 9, 7)
    said = [hour_words(datetime.combine(day, datetime.min.time().replace(hour=h))) for h in (0, 9, 12, 17)]
    assert said == ["midnight", "9am", "12 noon", "5pm"]
    assert hour_words(datetime(2026, 9, 7, 9, 30)) == "9:30am"
    assert first_name(Person("", "Dr Ottoline Vale")) == "Dr Vale"
    assert first_name(Person("a@b.example", "")) == ""
    assert first_name(Person("", "van der Vale, Ottoline (SCHOOL)")) == "Ottoline"
    assert first_name(Person("", "Vale , Ottoline Ann")) == "Ottoline"


def test_a_questions_headline_is_what_it_asks() -> None:
    """Short as it is; a long one's own question, or what it says please to, with the rest below it."""
    assert headline_of("Which date do you mean? Please reply AGREE BY and the date.") == (
        "Which date do you mean?",
        "Please reply AGREE BY and the date.",
    )
    assert headline_of(
        "Please give an actual date for each action: “as soon as possible” cannot be followed up. Reply."
    ) == (
        "Please give an actual date for each action.",
        "“As soon as possible” cannot be followed up. Reply.",
    )
    assert headline_of("Is this resolved? Your email says: “We agreed. Tobias visits.”. If not, nothing is to do.") == (
        "Is this resolved?",
        "Your email says: “We agreed. Tobias visits.”. If not, nothing is to do.",
    )
    assert headline_of("Imogen writes “Closed. Tobias is away.” That is her view of it. Is it yours?") == (
        "Imogen writes “Closed. Tobias is away.”",
        "That is her view of it. Is it yours?",
    )
    assert headline_of("Stage 3 was named as the place to begin: why was it not settled at Stage 1 or 2?") == (
        "Why was it not settled at Stage 1 or 2?",
        "Stage 3 was named as the place to begin.",
    )
    long = "It came from an address that is not the one which the list of people has for whoever is named in it"
    assert headline_of(f"{long}. Was it you?") == ("Was it you?", f"{long}.")
    assert headline_of(long) == ("One question, please.", long)
    assert inside("Line manager to line manager") == "line manager to line manager"
    assert inside("Safeguarding Partnership") == "Safeguarding Partnership"
    assert inside("DSPs respond") == "DSPs respond"


def test_a_mailto_encodes_commas_line_ends_and_brackets_as_outlook_wants_them() -> None:
    link = mailto("escalation@nscp.example", "[NC-26-0012] RE: RESOLVED", ("RESOLVED", "Agreed, in full: "))
    assert link == (
        "mailto:escalation@nscp.example?subject=%5BNC-26-0012%5D%20RE%3A%20RESOLVED"
        "&body=RESOLVED%0D%0AAgreed%2C%20in%20full%3A%20"
    )


def test_a_link_that_outlook_would_cut_off_is_refused() -> None:
    with pytest.raises(ValueError, match="Outlook cuts"):
        mailto("escalation@nscp.example", "x", ("y" * 2000,))


def test_every_reply_word_says_what_it_does() -> None:
    ends = (".", "{settles}", "{way}")
    assert [word for word, reply in REPLIES.items() if not reply.consequence.endswith(ends)] == []


def test_the_raising_side_may_reopen_an_agreement_and_a_withdrawal_but_not_a_binding_decision() -> None:
    notice, agreed, now = next(c for c in s.letters() if c[0].letter == "closed")
    four = s.later(s.opened(), e.StageEntered(at=s.THURSDAY, stage="4", how="referred"))
    withdrawn = replace(s.DECIDED, outcome="withdrawn")
    for dispute, words in (
        (agreed, ["REOPEN", "DEBRIEF"]),
        (s.later(four, s.DECIDED), ["DEBRIEF"]),
        (s.later(four, withdrawn), ["REOPEN", "DEBRIEF"]),
    ):
        assert [b.word for b in s.seen(replace(notice, event=dispute.history[-1]), dispute, now).buttons] == words


def test_a_withdrawal_is_told_in_its_own_words_and_not_as_what_was_proposed_before() -> None:
    withdrawn = e.DisputeClosed(
        at=s.THURSDAY, outcome="withdrawn", stage="2", by=s.OCTAVIA.address, words="Not needed."
    )
    dispute = s.later(s.opened(), s.PASSED_1, s.ENTERED_2, s.PROPOSED, withdrawn)
    told = s.seen(Notice("closed", s.EVADNE, withdrawn), dispute, s.THURSDAY).told
    assert (told.words, told.agreed, told.actions) == ("Not needed.", "", ())


def test_what_was_agreed_is_not_said_twice_when_it_closes() -> None:
    closed = replace(s.CLOSED, words=s.PROPOSED.agreed)
    dispute = s.later(s.opened(), s.PASSED_1, s.ENTERED_2, s.PROPOSED, closed)
    told = s.seen(Notice("closed", s.EVADNE, closed), dispute, s.THURSDAY).told
    assert told.agreed == "A joint visit will be made to J. T."
    assert told.words == ""


def _plain(letter: str) -> LetterView:
    return plain_view(next(n for n in s.PLAIN if n.letter == letter), s.PROTOCOL)


def test_a_question_about_mail_without_a_reference_is_answered_by_replying_and_not_by_a_link() -> None:
    buttons = _plain("question").buttons
    assert [(b.word, b.mailto) for b in buttons] == [("OPEN", ""), ("IGNORE", "")]


def test_a_held_message_is_told_with_its_sender_and_reason_and_offers_no_words_found_in_the_reason() -> None:
    view = _plain("held_told")
    assert view.told.question == "Two references in the subject. REFER or NOTE."
    assert view.told.by == "Barnaby Quill (Children's Social Care)"
    assert view.buttons == ()


def test_mail_that_is_out_of_scope_is_told_the_way_that_is_right_for_it() -> None:
    assert _plain("out_of_scope").out_of_scope == ("Use your own organisation's whistleblowing policy.",)


def test_the_guide_begins_the_email_with_the_lines_to_fill_in() -> None:
    [begin] = _plain("guide").buttons
    assert begin.mailto.startswith(
        "mailto:escalation@nscp.example?subject=Issue%20resolution%3A%20Stage%201&body=Child"
    )
    assert [(row.label, row.by) for row in _plain("guide").stages][1] == ("Stage 2", "at most 2 working days")
