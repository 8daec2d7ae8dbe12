"""Emails without a known dispute: which open one, and what is read out of them."""

from mailbot.core.record.intents import Act, Intent, Person, Sure
from tests.people import CSC, HELP, NHS, POLICE, SCHOOL
from tests.unit.mail.understanding.scenes import FENN, HARTWELL, LYLE, OAKES, officer, read

LABELLED = """Dear Tobias,

Child: R.W. (Year 3, your ref 0077123)
Agencies: Larkfield Primary School / Children's Social Care
Line manager: Desmond Oakes, head@larkfield.sch.example (mine)
Senior manager: tbc
Your line manager: Rosalind Peake
Issue: The assessment is being closed. School has recorded
seven concerns since June.
Impact on child: R is hungry in class.
Outcome sought: A joint visit by Friday 18 September 2026.

Could you send me your senior manager's details."""


def _open(own: str, subject: str = "Escalation", to: tuple[Person, ...] = (FENN,), **more: object) -> Intent:
    sender = more.pop("sender", HARTWELL)
    assert isinstance(sender, Person)
    return read(own, None, sender, subject=subject, to=to, **more)[0]  # type: ignore[arg-type]


def test_a_labelled_email_opens_for_sure_with_its_own_words() -> None:
    intent = _open(LABELLED, "[ESCALATION] Stage 1 - R.W.")
    assert (intent.act, intent.sure) == (Act.OPEN, Sure.SURE)
    assert dict(intent.fields) == {
        "stage": "1",
        "child": "R.W.",
        "child_ref": "0077123",
        "raising_agency": SCHOOL,
        "receiving_agency": CSC,
        "issue": "The assessment is being closed. School has recorded seven concerns since June.",
        "impact": "R is hungry in class.",
        "outcome_sought": "A joint visit by Friday 18 September 2026.",
    }
    assert {role: p.address for role, p in intent.people.items()} == {
        "raiser": "i.hartwell@larkfield.sch.example",
        "responder": "tobias.fenn@seamoor.example",
        "raising_manager": "head@larkfield.sch.example",
        "responding_manager": "rosalind.peake@seamoor.example",
    }
    assert intent.flags == ()


def test_misspelt_labels_and_subject_open_all_the_same() -> None:
    intent = _open("chid: R.W.\nIsue; no visit in seven weeks\nOutcome saught: visits restart", "Esculation stage1")
    assert intent.sure is Sure.SURE
    assert (intent.fields["child"], intent.fields["issue"]) == ("R.W.", "no visit in seven weeks")


def test_prose_opens_probably_and_is_shown_back() -> None:
    own = (
        "Hi Tobias\n\nI don't agree with closing the plan for R.W. He has come in hungry three times this week. "
        "What I would really like is for the plan to carry on until Christmas. My manager is Desmond (cc'd)."
    )
    intent = _open(own, "R.W.", cc=(OAKES,))
    assert (intent.act, intent.sure) == (Act.OPEN, Sure.PROBABLE)
    assert intent.fields["issue"] == "I don't agree with closing the plan for R.W."
    assert intent.fields["impact"] == "He has come in hungry three times this week."
    assert intent.fields["outcome_sought"] == "the plan to carry on until Christmas"
    assert intent.people["raising_manager"] == OAKES
    assert "prose fields shown back for checking" in intent.flags


def test_an_email_at_stage_2_is_the_managers_and_keeps_the_earlier_date() -> None:
    own = (
        "Child: R.W.\nDate of Stage 1: 08/09/2026\nIssue: plan not shared\nMy senior manager: Beatrix Lyle (Tarn Trust)"
    )
    to = (officer("rosalind.peake@seamoor.example"),)
    intent = _open(own, "Issue resolution - Stage 2 - R.W.", to, sender=OAKES, cc=(HARTWELL, FENN))
    assert (intent.fields["stage"], intent.fields["stage_1_date"]) == ("2", "2026-09-08")
    assert {role: p.name for role, p in intent.people.items()} == {
        "raising_manager": "Desmond Oakes",
        "responding_manager": "Rosalind Peake",
        "raising_senior": LYLE.name,
        "raiser": "Imogen Hartwell",
        "responder": "Tobias Fenn",
    }


def test_two_children_with_two_issues_open_two_disputes() -> None:
    own = (
        "Two matters please.\n\n1) Child: A.A. Decision of 4 Sept not to hold a strategy meeting. Police. We want a "
        "strategy meeting.\n2) Child: B.B. Referral of 3 Sept - no reply from MASH. We want a decision in writing."
    )
    found = read(own, None, OAKES, "wolverhampton", subject="Disputes - two pupils")
    assert [i.act for i in found] == [Act.OPEN, Act.OPEN]
    assert [(i.fields["child"], i.fields["decision_on"]) for i in found] == [
        ("A.A.", "2026-09-04"),
        ("B.B.", "2026-09-03"),
    ]
    assert [i.fields["receiving_agency"] for i in found] == ["Seamoor Police", CSC]


def test_siblings_with_one_issue_are_one_dispute() -> None:
    intent = _open("Children: R.W., S.W. and T.W.\nIssue: closed without a visit\nImpact: neglect")
    assert intent.fields["child"] == "R.W., S.W., T.W."


def test_a_table_pasted_as_tabs_is_read_as_labels() -> None:
    intent = _open("Child\tA.B.\nAgencies\tLarkfield Primary School v CSC\nIssue\tNo reply\nImpact on child\tHungry")
    assert (intent.sure, intent.fields["receiving_agency"], intent.fields["impact"]) == (Sure.SURE, CSC, "Hungry")


def test_of_two_agencies_on_one_domain_the_one_written_of_is_meant() -> None:
    someone = Person("a.nother@seamoor.example", "Ada Nother")
    intent = _open("I do not agree with the early help plan ending for R.W.", "Escalation R.W.", (someone,))
    assert intent.fields["receiving_agency"] == HELP
    assert intent.people["responder"].address == "a.nother@seamoor.example"


def test_a_date_the_child_needs_is_taken_and_shown_back() -> None:
    intent = _open("I disagree with CSC closing R.W. Ideally by Thursday as his mum goes into hospital.")
    assert intent.fields["child_date"] == "2026-09-10"
    assert "protective date taken from the text: ask to confirm" in intent.flags


def test_a_forwarded_chain_counts_from_the_day_it_was_written() -> None:
    chain = (
        "From: Imogen Hartwell\nSent: 07 September 2026 10:00\nTo: Tobias Fenn <tobias.fenn@seamoor.example>\n"
        "Subject: R.W. decision\n\nTobias, I do not agree with the decision to close R.W.'s case."
    )
    intent = _open("Please log this as stage 1.", "FW: R.W. decision", (), forwarded=True, quoted=chain)
    assert intent.act is Act.OPEN
    assert intent.fields["stage_1_date"] == "2026-09-07"
    assert intent.people["responder"] == FENN


def test_neither_tag_nor_disagreement_is_asked_about_and_not_dropped() -> None:
    intent = _open("Please find the minutes from the last meeting.", "minutes", ())
    assert intent.act is Act.HOLD
    assert intent.question == "Did you mean to record a disagreement with another agency? Please reply OPEN or IGNORE."


def test_both_sides_in_one_organisation_are_sent_to_their_own_procedure_first() -> None:
    intent = _open("I disagree with the head about R.W.", "Escalation R.W.", (OAKES,))
    assert (intent.act, intent.flags) == (Act.HOLD, ("single agency",))


def test_the_conduct_of_a_worker_is_out_of_scope() -> None:
    intent = _open(
        "I want to report that a worker in another agency has been drinking at work.", "dispute about a colleague", ()
    )
    assert (intent.act, intent.flags) == (Act.OUT_OF_SCOPE, ("possible allegation against a worker",))


def test_asking_how_it_works_opens_nothing() -> None:
    assert (
        _open("Hi what is the process if I disagree with social care? is there a form?", "escalation", ()).act
        is Act.QUESTION
    )


def test_an_attachment_alone_is_asked_for_as_text() -> None:
    intent = _open("Please see attached.", "R.W.", (), attachments=("letter.docx",))
    assert (intent.act, intent.flags) == (Act.HOLD, ("attachment only",))


def test_a_secure_portal_notice_is_put_before_a_person() -> None:
    intent = _open("You have received a secure email. To read it, sign in to the portal:", "Secure message", ())
    assert (intent.act, intent.flags) == (Act.HOLD, ("unreadable secure message",))


def test_danger_comes_first_and_the_dispute_is_opened_all_the_same() -> None:
    found = read(
        "R.W. is not safe to go home tonight. CSC have refused to come out.",
        None,
        HARTWELL,
        subject="URGENT escalation R.W.",
        to=(FENN,),
    )
    assert [i.act for i in found] == [Act.IMMEDIATE_RISK, Act.OPEN]


def test_no_immediate_risk_raises_no_alarm() -> None:
    found = read(
        "There is no immediate risk but I do not agree with CSC closing R.W.", None, HARTWELL, subject="Escalation R.W."
    )
    assert [i.act for i in found] == [Act.OPEN]


def test_each_protocol_begins_where_it_usually_begins() -> None:
    health = officer("octavian.reed@westmere-nhs.example")
    own = "I don't think stepping down is the right thing for R.W."
    intent = read(own, None, HARTWELL, "plymouth", subject="Difference of opinion", to=(health,))[0]
    assert (intent.fields["stage"], intent.fields["receiving_agency"]) == ("2", NHS)


def test_open_answers_the_question_that_was_asked() -> None:
    assert _open("OPEN", "Re: did you mean", ()).flags == ("answers our question",)
    assert _open("IGNORE", "Re: did you mean", ()).act is Act.NOTE


CHAIN = """From: Imogen Hartwell <i.hartwell@larkfield.sch.example>
Sent: 07 September 2026 15:10
To: Fenn, Tobias <tobias.fenn@seamoor.example>
Subject: R.W.

Tobias, I do not agree with closing R.W. He is hungry most mornings. We want the assessment to continue."""


def test_a_chain_passed_on_with_a_word_above_it_counts_from_the_email_in_it() -> None:
    own = "Please log this as a stage 1 escalation."
    intent = _open(own, "FW: R.W.", (), forwarded=True, quoted=CHAIN)
    assert intent.fields["stage_1_date"] == "2026-09-07"
    assert intent.people["responder"] == FENN
    assert intent.fields["impact"] == "He is hungry most mornings."


def test_children_with_their_ages_are_all_named() -> None:
    intent = _open("Children: R.E. (8), W.E. (6) and L.E. (2)\nIssue: step down to early help")
    assert intent.fields["child"] == "R.E., W.E., L.E."
    assert intent.fields["receiving_agency"] == CSC


def test_numbered_children_are_disputes_of_their_own_and_the_flag_counts_them() -> None:
    own = (
        "Two matters please.\n\n1. A.A. - CSC closed the referral of 2 Sept. We disagree.\n\n"
        "2. B.B. - the police decided not to hold a strategy meeting."
    )
    intents = read(own, None, HARTWELL, subject="Disputes", to=())
    assert [(i.fields["child"], i.fields["receiving_agency"]) for i in intents] == [("A.A.", CSC), ("B.B.", POLICE)]
    assert all("one email opened two disputes" in i.flags for i in intents)


def test_words_that_worry_without_saying_danger_make_a_person_ask() -> None:
    own = "Child: R.W.\nIssue: strategy meeting declined\nImpact: she is seen with a much older boyfriend"
    assert _open(own).flags == ("ask: is she at risk of immediate harm?",)
    assert _open("Child: R.W.\nIssue: no visit\nImpact: no sign of exploitation, he is tired").flags == ()


def test_a_birth_date_in_a_subject_is_flagged() -> None:
    assert "identifiers in the subject" in _open("Child: R.W.\nIssue: closed", "[ESCALATION] R W dob 3/4/2018").flags


def test_the_day_an_earlier_stage_took_place_is_read_from_a_sentence() -> None:
    own = "Stage 1 was held on 7 September and not resolved.\nChild: R.W.\nIssue: closed"
    assert _open(own, "Stage 2").fields["stage_1_date"] == "2026-09-07"


def test_minutes_and_tickets_that_speak_of_escalating_open_nothing() -> None:
    for subject, own in (
        (
            "Core group minutes: escalation policy",
            "No disagreements noted for R.W. We did discuss the escalation policy.",
        ),
        ("Core group minutes", "R.W. was seen. The plan was reviewed without any disagreement between the agencies."),
        ("[ESCALATION] Ticket 4471", "Ticket 4471 has been escalated. Issue: the printer prints blank pages."),
        ("Minutes", "Minutes of the practice group. Item 4: escalations this quarter were 6. Copied to social care."),
        ("Escalation procedure training", "The slides of the escalation training for everybody. Lunch is provided."),
    ):
        assert _open(own, subject, to=()).act is not Act.OPEN, subject
        assert _open(own, subject).act is not Act.OPEN, subject


def test_a_child_named_in_the_subject_is_the_child_and_telephone_on_is_none() -> None:
    own = "We disagree with the closing of the case. I spoke to the team by telephone on 4 September."
    assert _open(own, "[ESCALATION] Stage 1 - J.T. (Year 4)").fields["child"] == "J.T."


def test_every_child_of_one_sentence_is_named() -> None:
    own = "We support mum and two kids (D.F. 4, E.F. 1). Social care have closed the assessment and we disagree."
    assert _open(own, "[ESCALATION] please").fields["child"] == "D.F., E.F."
