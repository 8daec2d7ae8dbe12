"""The table of authority as a page for people: ``python -m tests.authority`` writes it into ``docs/authority.md``."""

from collections.abc import Iterable, Mapping

from mailbot.core.decisions.authority import (
    ANY_PROOF,
    ANYBODY_IN_IT,
    PROVEN_ALONE,
    RAISING,
    RECEIVING,
    TABLE,
    Capacity,
    On,
    Rule,
    Verdict,
    verdict,
)
from mailbot.core.record.intents import Act, Proof
from tests.authority.test_campaign import allowed, heads, refused, tricks

_HEAD = """# Who may do what

Printed by `python -m tests.authority` from the table that decides (`mailbot/core/decisions/authority.py`); a test holds
the two together. Every act, whatever its road (a reply, a button, a line of the office's, an answer to one of our
questions, a message moved by hand, an automatic mail, mail let out of being held), is one request, and this table
judges it.

Each row is one act on one kind of object, seen from its writer. Where nothing shows who wrote it, or the sending domain
says that it was not they, every act but those marked *no proof needed* is asked of the address on record first; the
office's own lines are, unless they are proven, also where somebody has let them in. Where the mail server writes what
it found, the answer counts only if that proves it; else it is asked again, and the office is told. Where the server
writes nothing, an answer to that very letter counts.

"""
_ON = {
    On.IT: "the dispute", On.OURS: "their own side's", On.THEIRS: "the other side's", On.SHARED: "a shared domain's",
    On.THIRD: "a third agency's", On.NEITHER: "neither side's",
    On.BOTH: "of somebody on the other side", On.PANEL: "of those who decide",
}  # fmt: skip


_BY_THE_FILE = {
    Act.OPEN: "anybody the partnership may write to",
    Act.ROUTE: "whoever the procedure's file names for that route",
}
_MEANS: Mapping[Capacity, str] = {
    Capacity.RAISER: "who raised it, or whoever took over from them",
    Capacity.RAISING_ACTING: "of the agency that raised it, recorded for the present stage or a later one",
    Capacity.RAISING_BEFORE: "recorded for a stage that is over",
    Capacity.RAISING_COLLEAGUE: "brought in from their own agency",
    Capacity.RESPONDER: "the practitioner it was raised with",
    Capacity.RECEIVING_ACTING: "of an agency it was raised with, recorded for the present stage or a later one",
    Capacity.RECEIVING_BEFORE: "recorded for a stage that is over",
    Capacity.RECEIVING_COLLEAGUE: "brought in from their own agency",
    Capacity.ALONE: "where nobody of their side is recorded for the present stage or a later one",
    Capacity.WAS_ASKED: "a move by the limit takes nobody the answer they were asked for",
    Capacity.SUPPORTER: "speaks, and decides nothing",
    Capacity.INFORMED: "a reviewing officer, say",
    Capacity.MOVES_ON: "whom the procedure's file lets go on once the time has passed",
    Capacity.DATES_WITH: "with whom the file has a stage's people agree a date",
    Capacity.DECIDER: "whom the published text names; a panel, once its members are named",
    Capacity.OFFICE: "the Business Manager, by whatever name",
    Capacity.PARTNERSHIP: "another role of the partnership with an address of its own",
    Capacity.NOBODY: "also whoever has left: set inactive in the directory, or struck out of it",
}
_BESIDE = """
## What else must be so

- **In answer to what.** CONFIRM, DISAGREE, AGREE, NO, DONE and DECISION count for what the letter they answer put to
  their writer. If that has changed or gone, nothing is done and they are shown both. ESCALATE, REFER and DECISION in
  answer to a letter of an earlier stay do nothing to the present one. A bare assent ("Agreed, thanks") counts only in
  answer to a letter that asked; said to a colleague it is talk.
- **Once.** The same email (writer, number, date and words) counts once, whatever it gained on the way. WRONG takes back
  one's own: the act of which its letter told, else the last, within five working days, and two where it closed a
  dispute; nothing that somebody else has acted on.
- **At the top.** A command stands before any other sentence of its writer's, greetings and thanks apart. What is struck
  out, quoted or passed on is not said. Danger is heard in all of it.
- **As its reader sees it.** Only a style that is understood (`mailbot/mail/body/understood_styles.py`: what Outlook,
  Gmail, Apple Mail, Thunderbird and telephones write) leaves words certainly seen. Where anything else bears on a
  writer's new words, where programs may show a page in two ways, where words are set in as a quotation is, nothing is
  done: its writer is asked for plain text.
- **Beside a command.** What closes a dispute, confirms, withdraws, hands over, brings in, takes out, or agrees to more
  time is done only where all that its writer says beside it is understood to take nothing from it: thanks, an assent, a
  reason, a plain fact. Anything else is asked about; so is an email that says it is somebody else's, or a confirmation
  that names another day.
- **Shared domains.** Where several agencies use a mail domain and the directory has no row for an address, nobody is of
  an agency because of it: the office is asked, and may ADD them. An opening's names hold, and the office looks.
- **A button** is its own reader's, and the deputy's whom the directory names for them, of the same agency, from the
  deputy's own address: the deputy is then in the dispute beside them, by name, in the same role; and they hear of it.
  Pressed by a colleague, the other side, another's deputy or whoever was taken out, it does nothing, and who pressed it
  is told how to act in their own name.
- **Leaving.** The veil is the last step before a letter, a card or a filed summary is sealed: the child's names as they
  read (whatever accents, capitals, hyphens or possessives), NHS numbers by their check digit, days of birth; in what
  people write postcodes and addresses too. A subject line that is said back keeps common words, of others a letter.
- **Machines** change nothing. A letter counts as come back when a server that had it says so, provably, of the address
  it went to; any other such report waits for the office.
- **So many.** Of one address: three disputes ended an hour, ten changes an hour in one dispute, the rest waits for a
  person; six answers an hour, the rest an hour later. What unproven mail causes has allowances of its own. Danger told
  by somebody proven has none.

## Tried

`make campaigns` writes every one of these emails and looks at what became of it: {refused:,} that must not be obeyed
(every act by everybody, in every state of proof, standing in every way, by every road), {tricks:,} in which the words
stand and are not said, {heads:,} under a name that is not provably the sender's, and {allowed:,} that somebody may send
and that must be obeyed. `make test` takes some of each, every two circumstances together. `make breakages` breaks each
rule in turn, and a test must fail.
"""


def page() -> str:
    counts = {"refused": len(refused()), "tricks": len(tricks()), "heads": len(heads()), "allowed": len(allowed())}
    return _HEAD + "\n".join(_lines()) + "\n" + _BESIDE.format(**counts)


def _lines() -> Iterable[str]:
    yield "| Act | On | Done for | Put to others for | Kept as a view of | Proof | Otherwise |"
    yield "|---|---|---|---|---|---|---|"
    for rule in TABLE:
        cells = [_who(rule, said) for said in (Verdict.YES, Verdict.PUT, Verdict.VIEW)]
        cells[0] = _BY_THE_FILE.get(rule.act, cells[0])
        act = str(rule.act).replace("_", " ")
        yield f"| {act} | {_ON[rule.on]} | {' | '.join(cells)} | {_proof(rule)} | {rule.why or ''} |"
    yield ""
    yield "| Capacity | Who that is |"
    yield "|---|---|"
    for one in Capacity:
        yield f"| {one.value} | {_MEANS[one]} |"


def _who(rule: Rule, said: Verdict) -> str:
    found = {one for one in Capacity if verdict(rule, {one}, Proof.PROVEN) is said}
    named: list[str] = []
    for several, name in _SEVERAL:
        if several <= found:
            named.append(name)
            found -= several
    return "; ".join((*named, *(one.value for one in Capacity if one in found)))


_SEVERAL = (
    (frozenset(Capacity), "anybody"),
    (ANYBODY_IN_IT, "anybody recorded in it"),
    (RAISING, "the raising side"),
    (RECEIVING, "the side asked"),
)


def _proof(rule: Rule) -> str:
    return {ANY_PROOF: "no proof needed", PROVEN_ALONE: "proven alone"}.get(rule.proof, "proven, or let in")
