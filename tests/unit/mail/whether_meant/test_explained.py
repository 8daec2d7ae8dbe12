"""What may stand below a command and takes nothing from it; whatever else stands there is asked about."""

from dataclasses import replace

import pytest

from mailbot.core.record.dispute import Dispute
from mailbot.core.record.intents import Act, Intent, Person, Sure
from mailbot.mail.understanding.context import Said
from mailbot.mail.understanding.interpret import FOR_THE_OFFICE, interpret
from tests.unit.mail.understanding import scenes
from tests.unit.mail.understanding.scenes import HARTWELL, OAKES, WEDNESDAY

OPEN, PROPOSED, DATED = (replace(one, child="K.W.") for one in (scenes.OPEN, scenes.PROPOSED, scenes.DATED))

EXPLAINED = [
    (PROPOSED, OAKES, "CONFIRM\nThanks, Desmond"),
    (PROPOSED, OAKES, "CONFIRM - thank you for your help with this."),
    (PROPOSED, OAKES, "CONFIRM\nThis is what we agreed on the phone."),
    (PROPOSED, OAKES, "CONFIRM\nI am happy with this plan."),
    (PROPOSED, OAKES, "CONFIRM\nTobias will visit on Friday 11 September."),
    (PROPOSED, OAKES, "CONFIRM\nWe have told the family and they are pleased."),
    (PROPOSED, OAKES, "CONFIRM\nI have copied Imogen in."),
    (PROPOSED, OAKES, "Confirmed, many thanks Rosalind."),
    (PROPOSED, OAKES, "CONFIRM\nPlease send me the minutes of the meeting."),
    (PROPOSED, OAKES, "CONFIRM\nSorry for the delay in replying."),
    (PROPOSED, OAKES, "CONFIRM\nD. Oakes\nHead Teacher"),
    (PROPOSED, OAKES, "CONFIRM\nAll agreed with Rosalind this morning."),
    (PROPOSED, OAKES, "CONFIRM as discussed."),
    (PROPOSED, OAKES, "CONFIRM\nThe record is accurate."),
    (PROPOSED, OAKES, "CONFIRM\nGood outcome for K."),
    (OPEN, HARTWELL, "WITHDRAW\nK has moved to another school."),
    (OPEN, HARTWELL, "WITHDRAW\nIt is settled."),
    (OPEN, HARTWELL, "WITHDRAW because the visit has now taken place."),
    (OPEN, HARTWELL, "WITHDRAW\nThe assessment has been reopened, so we have what we asked for."),
    (OPEN, HARTWELL, "WITHDRAW\nRaised twice by mistake."),
    (OPEN, HARTWELL, "WITHDRAW - no longer needed."),
    (OPEN, HARTWELL, "WITHDRAW\nSettled by telephone."),
    (OPEN, OAKES, "WITHDRAW\nWe no longer disagree."),
    (OPEN, HARTWELL, "WITHDRAW\nThe family has left the area."),
    (OPEN, HARTWELL, "WITHDRAW\nSocial care visited yesterday and have agreed to keep the case open."),
    (OPEN, HARTWELL, "WITHDRAW\nDuplicate of NS-26-0003."),
    (OPEN, HARTWELL, "WITHDRAW\nFollowing supervision I understand the decision."),
    (OPEN, OAKES, "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example\nI am on leave from Monday."),
    (OPEN, OAKES, "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example until 18 September"),
    (OPEN, OAKES, "HANDOVER TO c.marlow@tarn-trust.example as I am away next week. He has all the papers."),
    (OPEN, OAKES, "HANDOVER TO Cassius Marlow c.marlow@tarn-trust.example\nPlease send everything to him."),
    (OPEN, OAKES, "REMOVE i.hartwell@larkfield.sch.example\nShe has left the school."),
    (OPEN, OAKES, "ADD c.marlow@tarn-trust.example please, he leads on this for the trust."),
    (DATED, OAKES, "AGREE\nThe 17th is fine with us."),
    (DATED, OAKES, "AGREE\nThank you."),
    (OPEN, OAKES, "AGREE BY 18 September 2026 because the GP is on leave"),
    (OPEN, OAKES, "AGREE BY 18 September 2026\nBoth managers are away until then."),
    (PROPOSED, OAKES, "CONFIRM\nHappy for this to be closed."),
    (PROPOSED, OAKES, "CONFIRM\nI accept this and so does Imogen."),
    (PROPOSED, OAKES, "CONFIRM\nThis resolves our concerns, nothing further from us."),
    (PROPOSED, OAKES, "CONFIRM\nNo further concerns."),
    (PROPOSED, OAKES, "CONFIRM\nThis is resolved."),
    (PROPOSED, OAKES, "CONFIRM\nAs agreed with Ms Peake on the phone, and mum has been told."),
    (PROPOSED, OAKES, "CONFIRM\nTobias will visit."),
    (PROPOSED, OAKES, "CONFIRM for K"),
    (PROPOSED, OAKES, "CONFIRM from Larkfield"),
    (PROPOSED, OAKES, "CONFIRM\nFrom the school."),
    (PROPOSED, OAKES, "CONFIRM\nThe visit is on 11 September."),
    (OPEN, HARTWELL, "WITHDRAW\nThe family have moved to Devon."),
    (OPEN, HARTWELL, "WITHDRAW\nImogen and I have decided not to pursue this."),
    (OPEN, HARTWELL, "WITHDRAW - duplicate of one raised by our SENCo"),
    (
        OPEN,
        HARTWELL,
        "WITHDRAW\nTobias has reopened the assessment so this is not needed any more. Thanks Tobias!",
    ),
    (OPEN, HARTWELL, "WITHDRAW\nResolved with Tobias."),
    (OPEN, HARTWELL, "WITHDRAW\nHaving spoken to Tobias I am satisfied."),
    (OPEN, HARTWELL, "WITHDRAW\nWe no longer wish to pursue this, K now has a social worker."),
    (OPEN, HARTWELL, "WITHDRAW because K has left our school and there is no need for it now"),
    (PROPOSED, OAKES, "CONFIRM\nHave a good weekend"),
    (PROPOSED, OAKES, "CONFIRM\nThanks for getting this sorted, have a good weekend."),
    (PROPOSED, OAKES, "Sorry for the late answer, assembly.\n\nCONFIRM\n\nDesmond"),
    (PROPOSED, OAKES, "CONFIRM\nBusy week.\nDesmond"),
    (PROPOSED, OAKES, "CONFIRM\nVBW Des x"),
    (PROPOSED, OAKES, "CONFIRM Desmond"),
    (PROPOSED, OAKES, "CONFIRM the visit at home by 11 September 2026."),
    (PROPOSED, OAKES, "CONFIRM\nImogen, please save this on CPOMS."),
    (PROPOSED, OAKES, "CONFIRM\nVisits restart"),
    (OPEN, OAKES, "HANDOVER TO: Cassius Marlow"),
    (OPEN, OAKES, "HANDOVER TO: Cassius Marlow\nDesmond"),
    (PROPOSED, OAKES, "CONFIRM\nBest wishes\nDesmond"),
    (PROPOSED, OAKES, "CONFIRM\nI will file this on K's record."),
    (PROPOSED, OAKES, "CONFIRM\nTobias visits K at home by 11 September."),
    (PROPOSED, OAKES, "CONFIRM\nThe school is happy with this."),
    (PROPOSED, OAKES, "CONFIRM\nI have told the school nurse."),
    (PROPOSED, OAKES, "CONFIRM\n\nMr D Oakes BSc\nHeadteacher"),
    (PROPOSED, OAKES, "CONFIRM\nDes"),
    (PROPOSED, OAKES, "CONFIRM\nDO"),
    (PROPOSED, OAKES, "CONFIRM\nThe Head"),
    (OPEN, HARTWELL, "WITHDRAW\nSettled by telephone.\nImmy"),
    (OPEN, OAKES, "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example - I am on leave from tomorrow."),
    (OPEN, OAKES, "HANDOVER TO Cassius Marlow (c.marlow@tarn-trust.example), I start maternity leave tomorrow."),
    (OPEN, OAKES, "HANDOVER TO c.marlow@tarn-trust.example. I am off sick."),
    (OPEN, OAKES, "ADD c.marlow@tarn-trust.example\nCassius leads on safeguarding across the trust."),
    (OPEN, OAKES, "ADD Cassius Marlow, c.marlow@tarn-trust.example - he oversees safeguarding for us."),
    (OPEN, OAKES, "ADD c.marlow@tarn-trust.example\nHe is our head of safeguarding."),
    (OPEN, OAKES, "REMOVE i.hartwell@larkfield.sch.example\nImogen now works at another school."),
    (OPEN, OAKES, "ESCALATE\nNo need has been met: no visit, no plan, no assessment."),
    (OPEN, OAKES, "ESCALATE\nUpdate: still no visit."),
    (OPEN, OAKES, "ESCALATE\nDad rang the school again on Monday and K is not in class.\nDesmond"),
    (OPEN, OAKES, "ESCALATE\nRosalind Peake has not replied."),
    (OPEN, OAKES, "ESCALATE\nStalemate."),
    (OPEN, OAKES, "ESCALATE\nThe manager on our side is away and the time has passed."),
]
FOOTERS = [
    "T 01632 960123 | M 07700 900123",
    "If you have received it in error please delete it and notify the sender.",
    "Larkfield is part of Tarn Trust, a company limited by guarantee registered in England and Wales no. 01234567.",
    "Rwy'n croesawu gohebiaeth yn Gymraeg neu Saesneg / I welcome correspondence in Welsh or English",
    '"Learning together"',
    "Ofsted: Outstanding, May 2024",
    "Eco Schools Green Flag | Investors in People",
    "Safeguarding is everyone's business.",
    "If you are concerned about a child, ring 01632 960999.",
    "DSL: Imogen Hartwell  Deputy DSL: Asha Bell",
    "PA to the Head: Sally Potts",
    "Virus-free. www.avg.com",
    "Join the meeting now",
    "NB I do not work Wednesdays",
    "*** EXTERNAL EMAIL: do not click links unless you recognise the sender ***",
    "School office hours 8am-4pm term time only.",
]
NO_FOOTERS = [
    '"Not really"',
    '"Every child, every day: I do not confirm"',
    "Darren Hughes",
    "Dad is a company registered in England",
    "Imogen, please ignore this.",
    "Ofsted: dad rang",
    "If you have received it, it was not from me.",
    "PA to the Head, Sally Potts",
]
NOT_EXPLAINED = [
    (PROPOSED, OAKES, "Confirmed: he hit her."),
    (PROPOSED, OAKES, "Yes. Beatrix agrees too that it is not enough."),
    (PROPOSED, OAKES, "Agreed that this is a shambles."),
    (PROPOSED, OAKES, "Confirmed bookings for Thursday."),
    (OPEN, HARTWELL, "WITHDRAW my consent to share the notes."),
    (OPEN, HARTWELL, "We have decided to withdraw K from swimming."),
    (OPEN, HARTWELL, "WITHDRAW\nK took all of his mum's tablets last night and is in A&E."),
    (PROPOSED, OAKES, "CONFIRM\nK has a handprint on his neck this morning and says mum did it."),
    (PROPOSED, OAKES, "CONFIRM\nOnly kidding."),
    (PROPOSED, OAKES, "CONFIRM\nThat was my son on my phone."),
    (PROPOSED, OAKES, "CONFIRM\nis what Rosalind would like me to answer."),
    (PROPOSED, OAKES, "CONFIRM\nI typed this for Dad."),
    (PROPOSED, OAKES, "CONFIRM\nApril fool."),
    (PROPOSED, OAKES, "CONFIRM\nIn your dreams."),
    (PROPOSED, OAKES, "CONFIRM\nOver my dead body."),
    (PROPOSED, OAKES, "CONFIRM\nAs if."),
    (PROPOSED, OAKES, "CONFIRM\nThe cat walked over the keyboard."),
    (PROPOSED, OAKES, "CONFIRM\nDad has my laptop."),
    (PROPOSED, OAKES, "CONFIRM\nPending the GP's letter."),
    (PROPOSED, OAKES, "CONFIRM\nLet us see first what the visit brings."),
    (PROPOSED, OAKES, "CONFIRM\nI'll sign when I have seen the plan."),
    (PROPOSED, OAKES, "CONFIRM\nTobias visits on 30 November."),
    (PROPOSED, OAKES, "CONFIRM\nThis one goes to Beatrix to decide."),
    (PROPOSED, OAKES, "CONFIRM\nHere is the wording the parents sent in."),
    (PROPOSED, OAKES, "CONFIRM\nSo it goes, says mum."),
    (PROPOSED, OAKES, "CONFIRM\nI am under orders."),
    (PROPOSED, OAKES, "CONFIRM\nWhoops."),
    (PROPOSED, OAKES, "CONFIRM\nDisregard."),
    (PROPOSED, OAKES, "CONFIRM\nSent from the wrong account."),
    (PROPOSED, OAKES, "CONFIRM\nMy ex is logged in here."),
    (PROPOSED, OAKES, "CONFIRM\nGive me until Friday."),
    (PROPOSED, OAKES, "CONFIRM\nNah."),
    (PROPOSED, OAKES, "CONFIRM\nScratch that."),
    (OPEN, HARTWELL, "WITHDRAW\nScratch that."),
    (OPEN, HARTWELL, "WITHDRAW\nThe father stood over me while I did this."),
    (OPEN, HARTWELL, "WITHDRAW\nHis words."),
    (OPEN, HARTWELL, "WITHDRAW\nTomorrow, I mean."),
    (OPEN, HARTWELL, "WITHDRAW\nThat is what they are after."),
    (OPEN, HARTWELL, "WITHDRAW\nOnce the visit has taken place."),
    (OPEN, HARTWELL, "WITHDRAW\nIt is on the father's list of wishes."),
    (OPEN, HARTWELL, "WITHDRAW\nOnly if K is seen."),
    (OPEN, HARTWELL, "WITHDRAW\nRosalind rang and said to send this."),
    (OPEN, HARTWELL, "WITHDRAW\nI am trying the button out."),
    (OPEN, HARTWELL, "WITHDRAW\nGreetings from a hacked mailbox."),
    (OPEN, HARTWELL, "WITHDRAW\nNever in a hundred years."),
    (OPEN, HARTWELL, "WITHDRAW\nLet me sleep on it."),
    (OPEN, HARTWELL, "WITHDRAW\nBeatrix decides on that tonight."),
    (OPEN, HARTWELL, "WITHDRAW\nJust seeing what this does."),
    (OPEN, HARTWELL, "WITHDRAW\nPlease leave as it is."),
    (OPEN, OAKES, "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example\nNot that I am going anywhere."),
    (OPEN, OAKES, "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example\nHe is thinking about it."),
    (OPEN, OAKES, "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example should the governors agree"),
    (OPEN, OAKES, "REMOVE i.hartwell@larkfield.sch.example\nShe fears so."),
    (OPEN, OAKES, "REMOVE i.hartwell@larkfield.sch.example\nRosalind's idea, mine it is not."),
    (DATED, OAKES, "AGREE\nWith a heavy heart and under protest."),
    (DATED, OAKES, "AGREE\nMake it the 11th."),
    (OPEN, OAKES, "AGREE BY 30 November 2026\nThat is Rosalind talking."),
    (PROPOSED, OAKES, "CONFIRM\nPut that on ice."),
    (PROPOSED, OAKES, "CONFIRM\nSee Dad's text."),
    (PROPOSED, OAKES, "CONFIRM\nBeatrix takes a different view."),
    (PROPOSED, OAKES, "CONFIRM\nThe plan is thin and K is at risk of drift."),
    (PROPOSED, OAKES, "Sorry for the delay in confusing you.\n\nCONFIRM\n\nDesmond"),
    (PROPOSED, OAKES, "CONFIRM the visit at home by 18 September 2026."),
    (PROPOSED, OAKES, "CONFIRM the visit at school by 11 September 2026."),
    (PROPOSED, OAKES, "CONFIRM Darren"),
    (PROPOSED, OAKES, "CONFIRM for T."),
    (PROPOSED, OAKES, "CONFIRM from Seamoor"),
    (OPEN, OAKES, "HANDOVER TO: Cassius Marlow, says dad"),
    # What was put is off or changed, who does it is gone, it is another child's, or it goes on
    (PROPOSED, OAKES, "CONFIRM\nThe meeting is off."),
    (PROPOSED, OAKES, "CONFIRM\nThe case is closed."),
    (PROPOSED, OAKES, "CONFIRM\nTobias left the council."),
    (PROPOSED, OAKES, "CONFIRM\nDesmond is away."),
    (PROPOSED, OAKES, "CONFIRM\nTobias visits B.Q. at home."),
    (PROPOSED, OAKES, "CONFIRM\nOff the record."),
    (DATED, OAKES, "AGREE\nSee you at stage 2."),
    (DATED, OAKES, "AGREE\nThe date for B.Q. is fine."),
    (OPEN, HARTWELL, "WITHDRAW\nIt remains open for now."),
    (OPEN, HARTWELL, "WITHDRAW\nMy concerns remain."),
    (OPEN, HARTWELL, "WITHDRAW\nK moved in with dad."),
    (OPEN, HARTWELL, "WITHDRAW\nB.Q. no longer needs this."),
    # Plain facts that are not what was put, or no reason to give it up
    *(
        (PROPOSED, OAKES, f"CONFIRM\n{said}")
        for said in (
            "Tobias visits K in October.",
            "Rosalind visits K at home.",
            "Imogen and Tobias visit K at home.",
            "As before.",
            "K is back.",
            "K has left.",
            "We meet first.",
            "It starts in October.",
            "There was a meeting.",
            "By phone.",
            "The visit is in the afternoon.",
            "The plan is set.",
            "As told.",
            "Up to you.",
            "This was due.",
            "We spoke and Rosalind visits K at home.",
            "All is off.",
            "Rosalind took it over.",
        )
    ),
    *(
        (OPEN, HARTWELL, f"WITHDRAW\n{said}")
        for said in (
            "The case is closed.",
            "Social care closed the case.",
            "Tobias is away.",
            "K left.",
            "K is off school.",
            "Mum left.",
            "The meeting is on Monday.",
            "The visit is due.",
            "I am ill.",
            "They know.",
            "As before.",
            "Because they asked.",
            "Because of dad.",
            "And the other one.",
            "Rosalind is back.",
            "The police came.",
            "It moved.",
            "So there.",
            "The family has moved in with dad.",
            "It is settled and the case is closed.",
        )
    ),
    # Another's name
    (PROPOSED, OAKES, "CONFIRM\n\nDarren Hughes (dad)"),
    (PROPOSED, OAKES, "CONFIRM\nJune Tait pp Desmond Oakes"),
    (PROPOSED, OAKES, "CONFIRM\nMany thanks,\nThe Hughes family"),
    (PROPOSED, OAKES, "CONFIRM\nThanks, Darren"),
    (PROPOSED, OAKES, "CONFIRM - Darren Hughes"),
    (OPEN, HARTWELL, "WITHDRAW\nSettled by telephone.\nRosalind Peake"),
    (OPEN, OAKES, "ESCALATE\nNo visit has been made.\nDarren Hughes"),
    (OPEN, OAKES, "ESCALATE\nNo visit.\nKind regards, mum"),
    (OPEN, OAKES, "ESCALATE, says dad"),
    (OPEN, OAKES, "RESOLVED\nA visit by 11 September.\nK's mum"),
    # Other terms
    (PROPOSED, OAKES, "CONFIRM - but the visit by the health visitor instead"),
    (PROPOSED, OAKES, "CONFIRM\nThe health visitor does the visit."),
    (PROPOSED, OAKES, "CONFIRM\nThe visits are weekly."),
    (PROPOSED, OAKES, "CONFIRM\nThe visit is at school."),
    (PROPOSED, OAKES, "CONFIRM, with Octavian Reed doing the visit"),
    # A condition, a deferral, a draft, a question, another object
    (PROPOSED, OAKES, "CONFIRM\nif Rosalind is happy"),
    (PROPOSED, OAKES, "CONFIRM\npending sign-off"),
    (PROPOSED, OAKES, "CONFIRM\nI will send this on Friday."),
    (PROPOSED, OAKES, "CONFIRM\n(for Desmond's eyes)"),
    (PROPOSED, OAKES, "CONFIRM\nv1"),
    (PROPOSED, OAKES, "CONFIRM\nHello, this is K's mum, I am using his email."),
    (PROPOSED, OAKES, "CONFIRM\nThe date of the review."),
    (PROPOSED, OAKES, "CONFIRM\nThanks but no thanks."),
    (OPEN, HARTWELL, "WITHDRAW\nfor Desmond to check"),
    (OPEN, HARTWELL, "WITHDRAW the referral to early help"),
    (OPEN, HARTWELL, "WITHDRAW because Rosalind is cross"),
    (OPEN, HARTWELL, "WITHDRAW\nThe head will decide tomorrow."),
    (OPEN, HARTWELL, "WITHDRAW\nThe father came to the school gate and shouted at staff."),
    (OPEN, HARTWELL, "WITHDRAW because the father says it is no longer wanted"),
    (OPEN, OAKES, "ADD c.marlow@tarn-trust.example\nif he wants"),
    # What asks to go on, taken back or not its writer's
    (OPEN, OAKES, "ESCALATE\nEdit: no need now"),
    (OPEN, OAKES, "ESCALATE (draft)"),
    (OPEN, OAKES, "ESCALATE\nHolding off."),
    (OPEN, OAKES, "ESCALATE\nThat is off the table."),
    (OPEN, OAKES, "ESCALATE\nUpdate: sorted, thanks."),
    (OPEN, OAKES, "ESCALATE\nParked."),
    (OPEN, OAKES, "ESCALATE - for Beatrix to look over before it goes"),
    (OPEN, OAKES, "ESCALATE - is what dad wants"),
    (OPEN, OAKES, "Dear Mr Oakes,\nESCALATE\nNo visit has been made."),
]


def _asked(own: str, dispute: Dispute, who: Person, signature: str = "") -> tuple[Intent, ...]:
    said = Said(
        own=own, subject="RE: [NS-26-0012]", sender=who, to=(), cc=(), received=WEDNESDAY, mailbox_only=True,
        signature=signature,
    )  # fmt: skip
    return interpret(said, dispute, scenes.partnership())


def _done(intents: tuple[Intent, ...]) -> set[Act]:
    aside = (Act.HOLD, Act.NOTE, Act.IMMEDIATE_RISK)
    return {intent.act for intent in intents if intent.sure is not Sure.UNSURE and intent.act not in aside}


@pytest.mark.parametrize(("dispute", "who", "own"), EXPLAINED)
def test_an_explanation_takes_nothing_from_a_command(dispute: Dispute, who: Person, own: str) -> None:
    assert len(_done(_asked(own, dispute, who))) == 1


def test_what_a_child_has_now_is_recorded_beside_the_withdrawal_that_it_explains() -> None:
    own = "WITHDRAW\nThe child is now on a CP plan so our concern is met."
    assert _done(_asked(own, OPEN, HARTWELL)) == {Act.WITHDRAW, Act.CHILD_STATUS}


@pytest.mark.parametrize(("dispute", "who", "own"), NOT_EXPLAINED)
def test_words_that_explain_nothing_are_asked_about(dispute: Dispute, who: Person, own: str) -> None:
    assert _done(_asked(own, dispute, who)) == set()


@pytest.mark.parametrize("footer", FOOTERS)
@pytest.mark.parametrize("signed", ["Desmond", "Desmond Oakes\nHead Teacher"])
def test_a_footer_is_no_word_about_the_command(footer: str, signed: str) -> None:
    assert _done(_asked(f"CONFIRM\n\n{signed}\n\n{footer}", PROPOSED, OAKES)) == {Act.CONFIRM_RESOLUTION}
    assert _done(_asked("CONFIRM", PROPOSED, OAKES, f"{signed}\n{footer}")) == {Act.CONFIRM_RESOLUTION}


@pytest.mark.parametrize("words", NO_FOOTERS)
def test_words_in_the_shape_of_a_footer_are_asked_about(words: str) -> None:
    assert _done(_asked(f"CONFIRM\n\n{words}", PROPOSED, OAKES)) == set()


@pytest.mark.parametrize(
    "signature",
    [
        "Sent on behalf of Gareth West",
        "Sent from Imogen's iPad",
        "p.p. Gareth West",
        "Dictated by Gareth West",
        "Gareth asked me to send this",
        "I was told to write that",
        "Mr West's own words",
    ],
)
@pytest.mark.parametrize(
    "own", ["ESCALATE\nThere is no agreement about the visit.", "RESOLVED\nA visit by 11 September."]
)
def test_an_email_that_says_it_is_somebody_elses_is_asked_about(own: str, signature: str) -> None:
    assert _done(_asked(own, OPEN, OAKES, signature)) == set()
    assert _done(_asked(f"{own}\n{signature}", OPEN, OAKES)) == set()


@pytest.mark.parametrize("signature", ["Typed with gritted teeth.", "Kind regards\nNot really", "--\nNo way"])
def test_what_stands_where_a_name_is_expected_may_unsay_it(signature: str) -> None:
    assert _done(_asked("CONFIRM", PROPOSED, OAKES, signature)) == set()


@pytest.mark.parametrize(
    "signature", ["Kind regards\nDesmond\nNot in on Fridays", "Typed on my phone, please excuse typos", "Desmond Oakes"]
)
def test_a_signature_like_any_other_explains_itself(signature: str) -> None:
    assert _done(_asked("CONFIRM", PROPOSED, OAKES, signature)) == {Act.CONFIRM_RESOLUTION}


@pytest.mark.parametrize(
    "signature",
    [
        "Desmond Oakes\nHead Teacher",
        "Sent from my iPhone",
        "Sent from Desmond's iPad",
        "For and on behalf of the school",
        "On behalf of Larkfield Primary School",
        "Sent from Outlook for Android",
    ],
)
def test_an_ordinary_signature_leaves_it_its_writers(signature: str) -> None:
    assert _done(_asked("ESCALATE\nThere is no agreement about the visit.", OPEN, OAKES, signature)) == {Act.MOVE_UP}


@pytest.mark.parametrize(
    "signature",
    [
        "Kind regards\nDarren Hughes",
        "Regards,\nRosalind Peake\nTeam Manager",
        "Thanks\nK's mum",
        "-- \nDarren Hughes",
        "Best wishes\njune tait",
        "Regards\nHead Teacher\nDarren Hughes",
        "pp\nDesmond Oakes",
        "June Tait, PA to Desmond Oakes",
    ],
)
@pytest.mark.parametrize(
    ("dispute", "own"),
    [
        (PROPOSED, "CONFIRM"),
        (PROPOSED, "DISAGREE\nNot that."),
        (OPEN, "ESCALATE\nNo visit."),
        (OPEN, "WITHDRAW\nIt is settled."),
        (OPEN, "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example"),
        (OPEN, "REMOVE i.hartwell@larkfield.sch.example"),
    ],
)
def test_what_is_signed_with_another_name_is_asked_about(dispute: Dispute, own: str, signature: str) -> None:
    assert _done(_asked(own, dispute, OAKES, signature)) == set()


@pytest.mark.parametrize(
    "signature",
    [
        "Kind regards\n\nDesmond\n\nDesmond Oakes | Head Teacher | Larkfield Primary School\nPart of the Tarn Trust",
        "-- \nDesmond Oakes, NPQH\nHead Teacher\nAcacia Road, Nailsea\nOur values: Kindness, Courage",
        "Oakes, Desmond",
        "Thanks\nDessie x",
        "Regards\nSchool Office",
        "Best\n\nSent from my iPhone",
    ],
)
def test_what_is_signed_with_any_part_of_ones_own_name_is_ones_own(signature: str) -> None:
    assert _done(_asked("CONFIRM", PROPOSED, OAKES, signature)) == {Act.CONFIRM_RESOLUTION}


@pytest.mark.parametrize(
    "why",
    [
        "WITHDRAW because the father has threatened me",
        "WITHDRAW because dad knows where I live",
        "WITHDRAW\nWe are frightened of dad.",
        "WITHDRAW because mum is being intimidated",
        "WITHDRAW\nShe says he hits her.",
    ],
)
def test_what_is_ended_under_a_threat_is_heard_as_danger(why: str) -> None:
    found = _asked(why, OPEN, HARTWELL)
    assert found[0].act is Act.IMMEDIATE_RISK
    assert _done(found) == set()


@pytest.mark.parametrize(
    "why",
    [
        "WITHDRAW because of pressure from the trust",
        "WITHDRAW\nI have been told my job depends on it.",
        "WITHDRAW because we were warned off",
        "WITHDRAW because my head will sack me if I go on",
    ],
)
def test_of_what_is_ended_under_pressure_a_person_is_told(why: str) -> None:
    found = _asked(why, OPEN, HARTWELL)
    assert _done(found) == set()
    assert FOR_THE_OFFICE & {flag for intent in found for flag in intent.flags}
