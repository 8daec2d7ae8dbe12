"""What the protocol's own file asks of the raising side, as sentences and as the lines that answer: who must be told
because of the child's status, and what a form that is waited for still lacks."""

from mailbot.core.decisions.owed import awaited_form, lacking, unanswered
from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.mail.writing.turn import Reader
from mailbot.mail.writing.wording import inside, listed, plain

# The line that carries a box of a form in a reply, as the reader of labels knows it.
_LINES = {"summary": "Summary: ", "actions_so_far": "Actions so far: ", "evidence": "Evidence: "}


def asked_by_file(reader: Reader, dispute: Dispute, protocol: Protocol) -> tuple[list[str], list[str]]:
    """(sentences, prompts), both empty for anybody but the raising side."""
    if reader.side is not Side.RAISING:
        return [], []
    sentences, prompts = [], []
    for role in unanswered(dispute, protocol):
        title = plain(role.title, 120)
        sentences.append(f"Still to be answered: who the {title} is, or NOTE and why there is none.")
        prompts.append(f"{title}: ")
    form = awaited_form(dispute, protocol)
    keys = lacking(dispute, form) if form is not None else ()
    if form is not None and keys:
        boxes = listed(inside(plain(f.label, 120).rstrip("?")) for f in form.fields if f.key in keys)
        sentences.append(f"“{form.title}” still needs: {boxes}.")
        prompts += [_LINES[bare] for key in keys if (bare := key.partition(":")[0]) in _LINES]
    return sentences, prompts
