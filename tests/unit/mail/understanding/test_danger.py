import pytest

from mailbot.mail.letters.render import danger_words
from mailbot.mail.understanding.danger import danger_in, risk_in, threat_in


@pytest.mark.parametrize(
    "text",
    [
        "He is not safe to go home.",
        "She's going home tonight.",
        "There is fresh bruising on his arm.",
        "Dad said he would kill her.",
        "No answer at the house and nobody has seen him.",
        "He has been missing since last night.",
        "She is scared. He is back today.",
        "W hasn't come in today, no answer on the phone, and I'm really worried something has happened.",
        "I'm not sure he isn't in immediate danger.",
        "Nobody thinks she is in immediate danger, which is wrong.",
        "Not an emergency, but mum's partner threatened to kill them.",
        "She can't keep herself safe.",
        "He was left alone all night.",
        "I think the child is at risk of immediate harm.",
    ],
)
def test_words_that_may_mean_danger_now_raise_the_alarm(text: str) -> None:
    assert risk_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "There is no immediate risk to R.W.",
        "Not an emergency.",
        "She isn't in immediate danger.",
        "No fresh bruising seen.",
        "This is the third missing episode in ten days.",
        "I will ring Rosalind today.",
        "The staff do not know the safety plan.",
        "He was seen today with mum, home conditions ok.",
        "The missing information is attached today.",
        "If a child is in immediate danger call 999.",
        "In an emergency call 999.",
    ],
)
def test_words_denied_or_standing_in_every_letter_do_not(text: str) -> None:
    assert risk_in(text) == ""


def test_the_protocol_s_own_line_quoted_is_not_an_alarm() -> None:
    line = "When a child is at immediate risk of significant harm tell your lead now."
    assert risk_in(line, line) == ""


def test_one_denial_covers_only_its_own_clause() -> None:
    assert risk_in("No immediate risk this morning, but he said he would kill them.") == (
        "No immediate risk this morning, but he said he would kill them."
    )


@pytest.mark.parametrize("subject", ["child", "unborn baby", "adult"])
@pytest.mark.parametrize("mark", ["", "> "])
def test_the_head_of_our_own_letters_repeated_is_not_an_alarm(subject: str, mark: str) -> None:
    head = danger_words(subject)
    assert danger_in(f"{mark}{head} Tell your line manager.") == ""
    wrapped = head.replace(": ring", f":\n{mark}ring")
    assert danger_in(f"{mark}{wrapped}\n{mark}Your turn, Desmond.") == ""


@pytest.mark.parametrize(
    ("text", "alarm"),
    [
        ("Is a child in danger now? Yes, he is.", "Is a child in danger now?"),
        ("Your letter says to ring 999 if there is immediate risk. There isn't. When is the limit?", ""),
        (
            "Your letter says to ring 999 if there is immediate risk. There is.",
            "Your letter says to ring 999 if there is immediate risk.",
        ),
        ("There's no immediate risk to him. Just tell me the deadline please.", ""),
        ("No immediate risk. He has fresh bruising on his arm.", "He has fresh bruising on his arm."),
    ],
)
def test_only_what_is_answered_or_denied_at_once_is_left_out(text: str, alarm: str) -> None:
    assert danger_in(text) == alarm


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("We'd have liked something a bit quicker, but yes.", False),
        ("It is a bit of a wait.", False),
        ("The dog bit him last week.", True),
        ("Her brother bit K on the arm.", True),
        ("He was bitten.", True),
    ],
)
def test_a_little_is_no_bite(words: str, is_one: bool) -> None:
    assert bool(threat_in(words)) is is_one
