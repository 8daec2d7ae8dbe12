"""The table of authority as a page for people: ``python -m tests.authority`` writes it into ``docs/authority.md``."""

from collections.abc import Iterable, Mapping
from datetime import date

from mailbot.core.decisions.who_may.by_the_file import owners, posts_of_route
from mailbot.core.decisions.who_may.table import (
    ACTING,
    ANY_PROOF,
    ANYBODY_IN_IT,
    BY_LETTER,
    MANAGERS,
    RAISING,
    RAISING_MANAGERS,
    RECEIVING,
    RECEIVING_MANAGERS,
    RELEASED,
    TABLE,
    Capacity,
    On,
    Rule,
    Verdict,
    verdict,
)
from mailbot.core.procedure.protocol import Protocol, Route
from mailbot.core.record.intents import Act, Proof
from tests.authority import test_everybody as everybody
from tests.authority.test_campaign import allowed, heads, refused, tricks
from tests.sites import partnership_for

_HEAD = """# Who may do what

Printed by `python -m tests.authority` from the table that decides (`mailbot/core/decisions/who_may/table.py`); a test
holds the two together. Every act, whatever its road (a reply, a button, a line of the office's, an answer to one of
our questions, a message moved by hand, an automatic mail, mail let out of being held), is judged by this table, and
an act for which it has no row is done for nobody.

Each row is one act on one kind of object, seen from its writer. *The dispute* is the whole of it, and, of an answer,
that nothing waits for one. *Neither side's* are the reviewing officer and the facts that both sides go by: the
agencies, the child's status. Whose somebody is, the directory says, by agency: where a dispute is with several
agencies, each is *the other side* to the others.

**Proof.** Where nothing shows who wrote it, or the sending domain says that it was not they, whatever is marked
*proven* is asked of the address on record first. A person *lets in* what waits by RELEASE, by its number and a
reference, by moving it, or by `mailbot held release`: that says where it belongs, and never who wrote it. It is filed
and read, and what it asks is asked of the address on record. One act is done all the same: ESCALATE, with what remains
unresolved, where the server writes results and found nothing, once the office's own proven line lets it in (*proven, or
RELEASE*), for a child waits there and it takes nothing from anybody. Where the server writes none, that is asked too.
What the sending domain disowns is told to the office and asked only once somebody lets it in. The answer must be proven
itself; where the mail server writes nothing, or a person has let that message in after ringing its writer, an answer to
that very letter counts, whose number only its reader has: a machine's never. Where the server checks and finds nothing,
talk and *no proof needed* are held and asked about as well; danger is heard in all of it.

**Not done** means: refused with the reason that stands under *Otherwise*; *put to others*: the office is asked of
whose agency somebody is, the other side of its own people, whoever holds a place about that place, the raising side
about a third agency's; *kept as a view*: the raising side is asked, and its writer told.

"""
_ON = {
    On.IT: "the dispute", On.OURS: "their own agency's", On.THEIRS: "the other side's", On.SHARED: "a shared domain's",
    On.THIRD: "a third agency's", On.NEITHER: "neither side's",
    On.BOTH: "of somebody on the other side", On.PANEL: "of those who decide",
    On.SUPPORT: "their own agency's, as supporter", On.THIRD_ACTING: "a third agency's, in a role of a side",
    On.JOINS: "a further agency's, in a role of the side asked",
    On.JUDGES: "of those who decide, of somebody who is of a side",
    On.TWICE: "of somebody who acts at another stage",
    On.HELD: "a place that a colleague gave to somebody", On.UNMET: "the other side's, when it is raised or unknown",
    On.WITHIN: "put within one side", On.CLOSED: "once it is closed", On.ONE_SIDED: "at a stage of one agency",
    On.PROTECTS: "a status that protects more", On.MONITORED: "where the file has the office monitor only",
}  # fmt: skip


_BY_THE_FILE = {Act.ROUTE: "whom the file names: the routes below"}
_MEANS: Mapping[Capacity, str] = {
    Capacity.RAISER: "who raised it, or whoever took over from them",
    Capacity.RAISER_ACTING: "they, where this stage or a later one is theirs by the file",
    Capacity.RAISING_MANAGER: "recorded as such, at whatever stage it is",
    Capacity.RAISING_ACTING: "on the side that raised it, recorded in a role of the present stage",
    Capacity.RAISING_ABOVE: "recorded in a role of a stage to come",
    Capacity.RAISING_BEFORE: "recorded in a role of a stage that is over",
    Capacity.RAISING_COLLEAGUE: "brought in, or recorded by the file or the directory: a designated lead, a director",
    Capacity.RESPONDER: "the practitioner it was raised with",
    Capacity.RESPONDER_ACTING: "they, where this stage or a later one is theirs by the file",
    Capacity.RECEIVING_ACTING: "on the side it was raised with, recorded in a role of the present stage",
    Capacity.RECEIVING_ABOVE: "recorded in a role of a stage to come",
    Capacity.RECEIVING_BEFORE: "recorded in a role of a stage that is over",
    Capacity.RECEIVING_COLLEAGUE: "brought in, or recorded by the file or the directory",
    Capacity.ALONE: "nobody of their side, or of their agency of several, is known for this stage or a later one, and "
    "it was last with them",
    Capacity.WAS_ASKED: "of the stage at which the proposal that stands was made: a move by the limit takes no answer",
    Capacity.SUPPORTER: "speaks, and decides nothing; also at a shared domain, where the directory has no row",
    Capacity.INFORMED: "a reviewing officer, say; who decides, until they do",
    Capacity.MOVES_ON: "by the file, once the time has passed, or where nobody has that place on the raising side",
    Capacity.DATES_WITH: "by the file, with whom the raising manager agrees the stage's own time",
    Capacity.TAKES_ROUTE: "by the file's `who`, for the route asked",
    Capacity.GIVES: "by the file's `given_by`, at the file's stage",
    Capacity.DECIDER: "whom the text names, or a route brought it to; who stands in for a partner that is a party; a "
    "panel, once each partner and each agency concerned has a member",
    Capacity.OFFICE: "the Business Manager, by whatever name, and whoever stands in for it",
    Capacity.PARTNERSHIP: "whom the file has told of it by now, or given it to decide",
    Capacity.WRITTEN_TO: "at an agency of the directory, or the partnership's own",
    Capacity.ASKED: "the address that it was written to",
    Capacity.CONTACT: "by the directory",
    Capacity.SERVER: "the house of the address it went to, or that takes our letters",
    Capacity.HAND: "who it was, no mailbox says",
    Capacity.NOBODY: "also whoever has left: set inactive in the directory, or struck out, themselves or their domain",
}
_BESIDE = """
## What else must be so

- **In answer to what.** CONFIRM, DISAGREE, AGREE, NO, DONE, DECISION, HAPPENED and NOT HAPPENED count for what the
  letter they answer put to their writer. If that has changed or gone, nothing is done and they are shown both. A
  CONFIRM that answers no letter is for the one proposal put to its writer; where there were two, they are asked.
  ESCALATE, REFER and DECISION in answer to a letter of an earlier stay do nothing to the present one. A bare assent
  ("Agreed, thanks") counts only in answer to a letter that asked; said to a colleague it is talk.
- **Once.** The same email (writer, number, date and words) counts once, whatever it gained on the way. WRONG takes
  back one's own: the act of which its letter told, else the last, within five working days, and two where it closed a
  dispute; nothing that somebody else has acted on.
- **At the top.** A command stands before any other sentence of its writer's, a greeting or thanks apart. What is
  struck out, quoted or passed on is not said. Danger is heard in all of it.
- **Signed.** The name that closes an email is its writer's, by the directory or by From: any part of it, initials, a
  short name, a post. Below anybody else's name, a relation's, or a "pp", nothing is done. In an office's address
  several people write: with a first name alone, below a farewell, or above the office's title.
- **Under a threat** nothing is ended: neither by a party nor by a line of the office's, whose reason is one already and
  its own. Words of harm are heard as danger; of what reads as if its writer was made to send it a person is told.
- **On behalf.** What another address sent for the one in From (`Sender`) is asked of the address on record, unless the
  directory says that it speaks for them.
- **Dated.** An email that answers no letter agrees to nothing that was put after its own date, and one that quotes an
  older proposal is shown both. A bare assent counts in answer to a letter that asked for it, not to one that says where
  things stand; WRONG in answer to a letter about somebody else's act takes back nothing.
- **As its reader sees it.** Only a style that is understood (`mailbot/mail/body/understood_styles.py`: what Outlook,
  Gmail, Apple Mail, Thunderbird and telephones write) leaves words certainly seen. Where anything else bears on a
  writer's new words, where programs may show a page in two ways, where words are set in as a quotation is, nothing is
  done: its writer is asked for plain text.
- **Beside a command.** What closes a dispute, confirms, withdraws, hands over, brings in, takes out, or agrees to
  more time is done only where all that its writer says beside it is understood to take nothing from it: thanks and an
  assent; beside CONFIRM what was put, how it was agreed, who is content with it; beside WITHDRAW why what was raised
  is not needed any more; beside a handover what is said of those two. Those are closed lists
  (`mailbot/lexicon/reasons.toml`), and each clause is held to them. Anything else is asked about, however plain; so is
  an email that says it is somebody else's, or a confirmation that names another day. The office's lines are held to
  the same, HOLD among them.
- **Shared domains.** Where several agencies use a mail domain and the directory has no row for an address, nobody is
  of an agency because of it: the office is asked, and may ADD them. An opening's names hold, and the office looks.
- **A button** is its own reader's, and the deputy's whom the directory names for them, of the same agency, from the
  deputy's own address: the deputy is then in the dispute beside them, by name, in the same role, by what is done of
  theirs and by nothing that is refused; and they hear of it.
  Pressed by a colleague, the other side, another's deputy or whoever was taken out, it does nothing, and who pressed
  it is told how to act in their own name.
- **A deputy** of somebody whom the directory has as not active any more gets the letters that ask, and answers them.
- **Another's place.** A handover is its own writer's. Their manager names whoever takes it ("My line manager: …").
- **Leaving.** Whether somebody may be written to is asked again as a letter goes, and not only as it is written: who
  has left, was struck out or taken out gets nothing. The veil is the last step before a letter, a card or a filed
  summary is sealed: the child's names as they read (whatever accents, capitals, hyphens or possessives), NHS numbers
  by their check digit, days of birth; in what people write postcodes and addresses too. A subject line that is said
  back keeps common words, of others a letter.
- **At a stage of one agency** the other side is told nothing and may do nothing, recorded or not (PL-02).
- **Machines** change nothing. A letter counts as come back when a server that had it says so, provably, of the
  address it went to; any other such report waits for the office, and once the office has seen it, is kept.
- **So many.** Of one address: three disputes ended an hour, by whatever word, and ten messages an hour about one
  dispute; the rest waits for a person. Six answers an hour and twenty-four a day; what is beyond that is answered
  later, and nothing is dropped. What unproven mail causes has allowances of its own. Danger has none that anybody can
  spend: its writer has the numbers each time, or has had them in the last five minutes; the office hears of each one
  proven, and of the others within five minutes.

## Tried

Of every act of the table that an email asks in words ({acts} of them), by {writers} writers (each side's
practitioner, managers and colleagues, a supporter of another agency, a reviewing officer, who decides, another
address of the partnership, the office, a deputy, somebody who has left, a colleague of an agency that is not in it, a
stranger), by five roads (typed, a button, an answer to a letter, moved by hand, let in by the office; the office's
own lines too), proven, with nothing, and disowned: {everybody:,} emails that must not be obeyed, and {obeyed:,} that
must. Who may is told there by hand, and not asked of the table.

Of nine of those acts at one stage by eight writers of the two sides and the office: {refused:,} that must not be
obeyed (twelve ways in which words stand in an email, five states of proof, three heads), {tricks:,} in which the
words stand and are not said, {heads:,} under a name that is not provably the sender's, and {allowed:,} that must be
obeyed.

`make campaigns` tries every one; `make test` some of each, every two circumstances together. `make breakages` breaks
each rule in turn, and a test must fail.
"""


def page() -> str:
    counts = {"refused": len(refused()), "tricks": len(tricks()), "heads": len(heads()), "allowed": len(allowed())}
    counts |= {"everybody": len(everybody.rows(obeyed=False)), "obeyed": len(everybody.rows(obeyed=True))}
    counts |= {"acts": len(everybody.ACTS), "writers": len(everybody.WRITERS)}
    return _HEAD + "\n".join(_lines()) + "\n" + _BESIDE.format(**counts)


def _lines() -> Iterable[str]:
    yield "| Act | On | Done for | Put to others for | Kept as a view of | Proof | Otherwise | By what |"
    yield "|---|---|---|---|---|---|---|---|"
    for rule in TABLE:
        cells = [_who(rule, said) for said in (Verdict.YES, Verdict.PUT, Verdict.VIEW)]
        cells[0] = _BY_THE_FILE.get(rule.act, cells[0])  # type: ignore[call-overload]
        act = str(rule.act).replace("_", " ")
        yield f"| {act} | {_ON[rule.on]} | {' | '.join(cells)} | {_proof(rule)} | {rule.why or ''} | {rule.clause} |"
    yield ""
    yield "| Capacity | Who that is |"
    yield "|---|---|"
    for one in Capacity:
        yield f"| {one.value} | {_MEANS[one]} |"
    yield ""
    yield "| Route | Procedure | Taken by |"
    yield "|---|---|---|"
    for name in ("gloucestershire", "north-somerset", "plymouth", "sunderland", "wolverhampton"):
        rules = partnership_for(name, date(2026, 9, 9)).protocol
        for route in rules.routes.values():
            yield f"| {route.name} | {name} | {_taken_by(route, rules)} |"


def _taken_by(route: Route, rules: Protocol) -> str:
    if route.who in rules.roles:
        return rules.roles[route.who].title
    if posts_of_route(route, rules):
        return route.who
    return _named({*owners(route, rules)})


def _who(rule: Rule, said: Verdict) -> str:
    return _named({one for one in Capacity if verdict(rule, {one}, Proof.PROVEN) is said})


def _named(found: set[Capacity]) -> str:
    named: list[str] = []
    for several, name in _SEVERAL:
        if several <= found:
            named.append(name)
            found -= several
    return "; ".join((*named, *(one.value for one in Capacity if one in found)))


_SEVERAL = (
    (frozenset(Capacity), "anybody"),
    (ANYBODY_IN_IT, "anybody in it"),
    (RAISING, "the raising side"),
    (RECEIVING, "the side asked"),
    (ACTING, "whom this stage or a later one is with, on either side"),
    (MANAGERS, "managers of either side, of this stage or a later one"),
    (RAISING_MANAGERS | {Capacity.RAISER_ACTING}, "whom this stage or a later one is with, on the raising side"),
    (RAISING_MANAGERS, "managers of the raising side, of this stage or a later one"),
    (RECEIVING_MANAGERS, "managers of the side asked, of this stage or a later one"),
)


def _proof(rule: Rule) -> str:
    known = {
        ANY_PROOF: "no proof needed",
        RELEASED: "proven, or RELEASE",
        BY_LETTER: "proven, or by the letter's number",
    }
    return known.get(rule.proof, "proven")
