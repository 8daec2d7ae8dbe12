import pytest

from mailbot.mail.understanding.commands import command_spoken_of, read_command, rivals_of


@pytest.mark.parametrize(
    ("own", "name", "rest"),
    [
        ("RESOLVED", "RESOLVED", ""),
        ("resolved.", "RESOLVED", ""),
        ("Please escalate", "ESCALATE", ""),
        ("Resolved on 9 Sept. Tobias visits", "RESOLVED", "on 9 Sept. Tobias visits"),
        ("NOT RESOLVED", "ESCALATE", ""),
        ("**CONFIRM**", "CONFIRM", ""),
        ("Thanks Imogen. CONFIRM", "CONFIRM", ""),
        ("Thank you for ringing today. DISAGREE", "DISAGREE", ""),
        ("> ESCALATE", "ESCALATE", ""),
        ("Hi all,\n\nESCALATE\nno date", "ESCALATE", "no date"),
        ("AGREE BY Thursday 24th", "AGREE BY", "Thursday 24th"),
        ("NEEDED BY 10/09, placement ends", "NEEDED BY", "10/09, placement ends"),
        ("HANDOVER TO Ada Wren", "HANDOVER", "Ada Wren"),
        ("Met on 8/9", "MET", "8/9"),
        ("CORRECT child: R.W.", "CORRECT", "child: R.W."),
        ("Child status: looked after", "CHILD STATUS", "looked after"),
        ("WRONG CASE", "WRONG DISPUTE", ""),
        ("WRONG", "WRONG", ""),
        ("Keep apart", "KEEP APART", ""),
        ("help!", "HELP", ""),
    ],
)
def test_a_command_on_the_first_line_is_read_with_what_follows(own: str, name: str, rest: str) -> None:
    found = read_command(own)
    assert found is not None
    assert (found.name, found.rest, found.clouded) == (name, rest, False)


@pytest.mark.parametrize(
    "own",
    [
        "No one has visited",
        "Add to this that he was late",
        "Open to suggestions",
        "Agree with the first part",
        "Met with mum today",
        "Help is needed at home",
        "Wrong decision in my view",
        "Please resolve",
        "Refer to my last email",
        "Yes, I'll ring him",
        "Escalation of this seems silly",
        "Noted",
        "Withdrawal is not what we want",
        "",
    ],
)
def test_prose_that_begins_with_a_command_word_is_prose(own: str) -> None:
    assert read_command(own) is None


@pytest.mark.parametrize(
    "own", ["RESOLVED?", "RESOLVED apart from the visit", "ESCALATE if no reply by Friday", "CONFIRM once seen"]
)
def test_a_command_with_a_condition_a_part_or_a_question_is_clouded(own: str) -> None:
    found = read_command(own)
    assert found is not None
    assert found.clouded


def test_one_wrong_letter_in_a_long_command_is_forgiven_and_marked() -> None:
    found = read_command("ESCLATE")
    assert found is not None
    assert (found.name, found.misspelt, found.risky) == ("ESCALATE", True, False)


def test_one_wrong_letter_in_a_command_that_closes_is_a_risk() -> None:
    found = read_command("CONFRIM")
    assert found is not None
    assert (found.name, found.risky) == ("CONFIRM", True)


def test_a_second_command_further_down_is_seen() -> None:
    own = "RESOLVED\nvisits restart\nEscalate\nHELP\nstatus"
    command = read_command(own)
    assert command is not None
    assert rivals_of(command, own) == {"ESCALATE", "HELP"}, "of the words that change nothing, those in capitals"


@pytest.mark.parametrize(
    ("own", "word"),
    [
        ("I refuse to CONFIRM.", "CONFIRM"),
        ("There is no way I CONFIRM", "CONFIRM"),
        ("DRAFT - CONFIRM", "CONFIRM"),
        ("Note to self:\nCONFIRM", "CONFIRM"),
        ("We spoke. Rather than ESCALATE, let us talk again.", "ESCALATE"),
        ("Dad says this is NEEDED BY 9 September 2026.", "NEEDED BY"),
        ("Happy to CONFIRM", ""),
        ("Many thanks, Rosalind. We CONFIRM.", ""),
        ("NS-26-0012: CONFIRM", ""),
        ("The visit is not agreed, so please ESCALATE.", ""),
        ("K cannot wait. NEEDED BY 9 September 2026", ""),
        ("We consider this RESOLVED: Tobias visits on Friday.", ""),
        ("WE HAVE MET AND TALKED AND ALL OF US SAY IT IS RESOLVED", ""),
        ("Please confirm that you had this.", ""),
    ],
)
def test_a_word_behind_words_that_lead_to_none_is_only_spoken_of(own: str, word: str) -> None:
    assert command_spoken_of(own) == word
