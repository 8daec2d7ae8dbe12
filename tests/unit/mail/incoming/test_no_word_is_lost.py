"""Whatever a person writes, in whatever client: not one word of it is lost, and nothing is ever emptied.

The own words are made of sentences that look like something else: header lines, attributions, dividers, closings,
signature dashes, list numbers, disclaimers.
"""

import re

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from mailbot.mail.body.own_words import words_of
from tests.thorough import many

CASES = many(40, 2000)
SENTENCES = (
    "From: what mum says he has not slept at home.",
    "Sent: two letters, no answer.",
    "To: be clear, he is at risk.",
    "Subject: to the visit going ahead I would close it.",
    "Date: none offered.",
    "From Monday he will be collected by his aunt.",
    "On Monday the social worker wrote:",
    "On 3 September 2026 the school wrote:",
    "He wrote: I am not going back.",
    "The social worker wrote:",
    "and on Friday 4 September 2026 the GP wrote:",
    "On 3 September 2026 he was seen at school.",
    "On 3 September 2026 I rang, i.hartwell@larkfield.sch.example has seen what was wrote:",
    "She said on Tuesday 8 September at 9:15:",
    "The original message from the GP has not been answered.",
    "Original message in prose: nobody came.",
    "The forwarded message was never read.",
    "1. The visit on Friday",
    "2) the chronology",
    "- Tobias to ring on the 11th",
    "* school to send attendance",
    "Thanks for ringing, he was glad of it.",
    "Thank you - but nobody has been to see him",
    "Kind regards are not enough for this child.",
    "Please note: this email was the third we sent.",
    "This email is the fourth about the same child and we still have no answer.",
    "This message was meant for Tobias as well.",
    "If you have received this before, please answer the second question.",
    "Any views you have on this would help.",
    "We hold personal worries about the weekend.",
    "Warning signs: hungry, tired, no coat.",
    "External agencies have not been told.",
    "Sent from my desk, so forgive the typing.",
    "Regards the visit, it did not happen.",
    "Note he is on the list for speech therapy.",
    "-- he said, and then nothing --",
    "The plan --- as it stands --- ends on Friday.",
    "RESOLVED is what they told me.",
    "https://records.example/case/17 has the notes",
    "Mum: he is fine. Dad: he is not.",
    "Call me on 01632 960123 before 4:30pm",
    "dob 3/4/2015, seen 8/9/2026 10:15",
    "i.hartwell@larkfield.sch.example has the file",
    "Official figures say 61 per cent.",
)
# Lines that each look like a piece of "On … at …, <address> wrote:", and are four sentences.
PIECES_OF_AN_ATTRIBUTION = [
    "From: what mum says he has not slept at home.",
    "Call me on 01632 960123 before 4:30pm",
    "i.hartwell@larkfield.sch.example has the file",
    "On Monday the social worker wrote:",
]
OUR_LETTER = "Reply RESOLVED and what was agreed.\nIn an emergency call 999."
PREFIXED = "\n".join(f"> {line}" for line in OUR_LETTER.split("\n"))
# Twelve clients, and how each shows what it answers.
CLIENTS = {
    "outlook": "________________________________\nFrom: E <e@x.example>\nSent: 08 September 2026 17:01\n"
    f"To: R <r@y.example>\nSubject: [NS-26-0012] Stage 2\n\n{OUR_LETTER}",
    "outlook without a rule": "From: E <e@x.example>\nSent: Tuesday, September 8, 2026 5:01 PM\nTo: R <r@y.example>\n"
    f"Cc: T <t@y.example>\nSubject: [NS-26-0012] Stage 2\n\n{OUR_LETTER}",
    "outlook, old": f"-----Original Message-----\nFrom: E [mailto:e@x.example]\nSent: 08 September 2026 17:01\nTo: R\n"
    f"Subject: S\n\n{OUR_LETTER}",
    "outlook for mac": "From: E <e@x.example>\nDate: Tuesday, 8 September 2026 at 17:01\nTo: R <r@y.example>\n"
    f"Subject: S\n\n{OUR_LETTER}",
    "gmail": f"On Tue, 8 Sept 2026 at 17:01, E <e@x.example> wrote:\n\n{PREFIXED}",
    "gmail, wrapped": "On Tue, 8 Sept 2026 at 17:01, Escalation Mailbox of the Partnership <\n"
    f"e@x.example> wrote:\n\n{PREFIXED}",
    "apple": f"On 8 Sep 2026, at 17:01, E <e@x.example> wrote:\n\n{PREFIXED}",
    "iphone": f"Sent from my iPhone\n\n> On 8 Sep 2026, at 17:01, E <e@x.example> wrote:\n> \n{PREFIXED}",
    "samsung": "-------- Original message --------\nFrom: E <e@x.example>\nDate: 08/09/2026 17:01 (GMT+00:00)\nTo: R\n"
    f"Subject: S\n\n{OUR_LETTER}",
    "thunderbird": f"On 08/09/2026 17:01, E <e@x.example> wrote:\n{PREFIXED}",
    "groupwise": f'>>> "E" <e@x.example> 08/09/2026 17:01 >>>\n{OUR_LETTER}',
    "yahoo": f"On Tuesday 8 September 2026 at 17:01:22 BST, E <e@x.example> wrote:\n\n{PREFIXED}",
}
ENDINGS = (
    "Thanks\nRosalind",
    "Kind regards,\n\nRosalind Peake\nTeam Manager",
    "--\nR",
    "Sent from my iPhone",
    "OFFICIAL",
)
WORD = re.compile(r"\w+")
own_text = st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4), min_size=1, max_size=4)


def said(paragraphs: list[list[str]]) -> str:
    return "\n\n".join("\n".join(lines) for lines in paragraphs)


def lost(own: str, found: str) -> list[str]:
    """Lines of ``own`` of which a word is missing from ``found``."""
    kept = " ".join(found.split())
    return [line for line in own.split("\n") if line.strip() and " ".join(line.split()) not in kept]


@pytest.mark.parametrize("client", sorted(CLIENTS))
def test_each_sentence_alone_is_kept_whole_above_what_is_answered(client: str) -> None:
    for sentence in SENTENCES:
        found = words_of(f"{sentence}\n\n{CLIENTS[client]}\n")
        assert lost(sentence, found.whole) == [], sentence
        assert "RESOLVED and what was agreed" not in found.own, sentence


@given(own=own_text, client=st.sampled_from(sorted(CLIENTS)))
@settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_word_above_what_is_answered_is_lost(own: list[list[str]], client: str) -> None:
    text = said(own)
    found = words_of(f"{text}\n\n{CLIENTS[client]}\n")
    assert lost(text, f"{found.whole}\n{found.signature}") == []


@given(own=own_text)
@example(own=[PIECES_OF_AN_ATTRIBUTION, ["From: what mum says he has not slept at home."]])
@example(own=[[*PIECES_OF_AN_ATTRIBUTION[1:3], "The social worker wrote:"], ["He has not slept at home."]])
@example(own=[["On 3 September 2026 he was seen at school.", *PIECES_OF_AN_ATTRIBUTION[2:]], ["Nobody came."]])
@example(
    own=[
        ["Dated notes:"],
        ["On 3 September 2026 he was seen. Ask i.hartwell@larkfield.sch.example", "On Monday Tom wrote:"],
        ["No."],
    ]
)
@example(
    own=[
        ["Dated notes:"],
        ["On 3 September 2026 he was seen. Ask i.hartwell@larkfield.sch.example.", "Tom wrote:"],
        ["No."],
    ]
)
@settings(max_examples=CASES, deadline=None)
def test_a_new_message_is_kept_whole(own: list[list[str]]) -> None:
    text = said(own)
    found = words_of(text, is_answer=False)
    assert lost(text, f"{found.whole}\n{found.signature}") == []


@given(above=own_text, below=own_text, between=own_text)
@example(
    above=[["RESOLVED is what they told me."]],
    between=[
        ["To: be clear, he is at risk.", "Subject: to the visit going ahead I would close it."],
        [*PIECES_OF_AN_ATTRIBUTION[:2], "Sent: two letters, no answer."],
    ],
    below=[["1. The visit on Friday"]],
)
@settings(max_examples=CASES, deadline=None)
def test_answers_below_and_between_marked_lines_are_kept(
    above: list[list[str]], below: list[list[str]], between: list[list[str]]
) -> None:
    texts = [said(one) for one in (above, between, below)]
    assume(not texts[1].endswith(":"))  # "On 3 September the school wrote:" above a marked line does introduce it
    quoted = "On 08/09/2026 17:01, E <e@x.example> wrote:\n> When was he seen?"
    found = words_of(f"{texts[0]}\n\n{quoted}\n\n{texts[1]}\n\n> Who came?\n\n{texts[2]}\n")
    for text in texts:
        assert lost(text, f"{found.whole}\n{found.signature}") == []
    assert "Who came?" not in found.own


@given(own=own_text, ending=st.sampled_from(ENDINGS))
@settings(max_examples=CASES, deadline=None)
def test_a_closing_costs_no_word_above_it(own: list[list[str]], ending: str) -> None:
    text = said(own)
    found = words_of(f"{text}\n\n{ending}\n")
    assert lost(text, f"{found.whole}\n{found.signature}") == []
    assert WORD.search(found.own)
