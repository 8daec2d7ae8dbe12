"""What is true of every letter in every story, whichever procedure and whatever happened: looked at as it was sent.

A story asserts this for each letter that goes out, so the rules of wording hold over all of them and not only over the
samples: the risk line before any date, no leave to wait, nobody's blame, no child's name, a text that is whole alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from mailbot.core.partnership.directory import Directory
from mailbot.mail.letters.render import Rendered, template_faults

NEVER = (
    "you have until",
    "no action needed until",
    "no action is needed until",
    "can wait until",
    "need not act",
    "under control",
    "low risk",
    "your referral has been made",
    "failed to",
    "refused to",
    "is at fault",
    "to blame",
    "should have",
    "neglected",
)
# Letters that belong to a dispute and ask something: each must say who, what, by when and what happens otherwise.
ASKING = frozenset({"opened", "stage_entered", "reminder", "proposed", "objected", "reopened", "handed_over"})
# Letters that ask for a deed, or put a question in their own words: a turn with nothing to choose from.
ASK_A_DEED = frozenset(
    {
        "absence",
        "did_not_happen",
        "form_read",
        "held_told",
        "noted",
        "not_delivered",
        "outsider",
        "outsider_told",
        "question",
        "referred",
        "roster_proposed",
        "still_needed",
        "transcript",
        "trouble_told",
        "unreachable_told",
        "urgent",
        "urgent_told",
        "was_it_you",
        "stage_entered",
    }
)
_OTHERWISE = re.compile(
    r"If nothing is recorded by|If it is not settled by then"
    r"|No answer is not a yes|asked whether (?:it is to|to move|to refer)|With no answer by"
    r"|a reminder goes out|sets no time for this"
)
_BY_WHEN = re.compile(
    r"at the latest|the limit|passed|has gone by|sets no time|: now\b|nothing is recorded by|no answer by",
    re.IGNORECASE,
)
_WHO = re.compile(r"Your turn|It is now (?:for|with) ")


def faults_in(letter: str, made: Rendered, risk: str, children: Iterable[str], own_words: Iterable[str]) -> list[str]:
    """Everything that is wrong with one letter as sent; ``children`` are full names, ``own_words`` what people wrote
    and the letter may quote. Digests and counts are held to the same, dates before the risk line apart."""
    of_a_template = (fault for fault in template_faults(letter, made, risk) if "a letter never says" not in fault)
    return [*of_a_template, *_said(made, children, own_words), *_whole(letter, made)]


def _said(made: Rendered, children: Iterable[str], own_words: Iterable[str]) -> Iterator[str]:
    quoted = " ".join(" ".join(words.casefold().split()) for words in own_words)
    for part, text in (("subject", made.subject), ("text", made.text), ("html", made.html)):
        flat = " ".join(text.casefold().split())
        perhaps = [words for words in NEVER if words in flat and words not in quoted]
        # Paragraph by paragraph: "… said: refused" and "To put it right" are two sentences.
        for paragraph in re.split(r"\n\s*\n|</p>|</td>|</li>", text.casefold()) if perhaps else ():
            plain = " ".join(paragraph.split())
            yield from (f"{part} says {words!r}" for words in perhaps if words in plain)
        for name in children:
            if name.casefold() in flat and re.search(rf"\b{re.escape(name.casefold())}\b", flat):
                yield f"{part} names the child ({name})"


def _whole(letter: str, made: Rendered) -> Iterator[str]:
    """The text part alone: a person who sees no HTML knows who, what, by when, and what happens otherwise."""
    if "Send what is missing" in made.html and "Still needed" not in made.html:
        yield "it asks to send what is missing, and does not say what is"
    yield from _days_after_the_limit(made.text)
    if re.search(r"^- CONFIRM\b", made.text, re.MULTILINE) and not re.search(r"“[^”]{3,}”|AS AGREED", made.text):
        yield "it asks to confirm what it does not show"
    turn = letter not in ASK_A_DEED and re.search(r"^Your turn", made.text, re.MULTILINE)
    if turn and "WHAT YOU CAN REPLY" not in made.text and "STILL NEEDED" not in made.text:
        yield "it gives its reader a turn, and nothing to do in it"
    if letter not in ASKING or "WHAT YOU CAN REPLY" not in made.text:
        return
    for asked, found in (("who it waits on", _WHO), ("by when", _BY_WHEN), ("what happens otherwise", _OTHERWISE)):
        if not found.search(made.text):
            yield f"the text does not say {asked}"


_LIMIT = re.compile(r"(?:The limit is|Your turn[^:\n]*: by) [^.]*?\b(\d{1,2}) (\w+?) ?(?:\d{4} )?at the latest")
_COUNTED = re.compile(r"(?m)^ +\w{3} (?:[^:\n]* to \w{3} )?(\d{1,2}) (\w{3}): ")
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def _days_after_the_limit(text: str) -> Iterator[str]:
    """A table of counted days ends at the limit that holds: a later one reads as time that is left."""
    _, table, counted = text.partition("HOW THE LIMIT WAS COUNTED")
    said = _LIMIT.search(" ".join(text.split())) if table else None
    days = _COUNTED.findall(counted)
    if said and days:
        last, limit = ((_MONTHS.find(month[:3]), int(day)) for day, month in (days[-1], said.groups()))
        if limit < last and last[0] - limit[0] < 33:  # and not over a new year
            yield f"its table goes on to {' '.join(days[-1])}, after its limit"


# That somebody was told is said only of whom a letter of the same moment goes to.


@dataclass(frozen=True)
class Others:
    """The other letters of one letter's moment: their names and to whom; ``office`` are the addresses of the
    partnership's office."""

    letters: Sequence[tuple[str, str]]
    directory: Directory
    office: frozenset[str]

    def went(self, *letters: str, to: str = "") -> bool:
        """``to``: a name of an agency, or of a person; "" for anybody."""
        return any(name in letters and (not to or to in self._names(address)) for name, address in self.letters)

    def heard(self, who: str) -> bool:
        if any(address in self.office for _, address in self.letters):
            offices = not any(who == agency.name for agency in self.directory.agencies)
            return offices or any(who in self._names(address) for _, address in self.letters)
        return any(who in self._names(address) for _, address in self.letters)

    def _names(self, address: str) -> str:
        person = self.directory.person(address)
        return f"{person.name}; {person.agency}"


_TOLD = re.compile(
    r"\b(?:has|have|had|was|were) (?:not |also |now )?been (?:told|asked|sent|written to|copied|informed|notified)\b"
    r"|\bI have (?:told|asked|sent)\b|\bwas told\b|\bwere told\b|^Asked (?:to|whether|about)\b"
    r"|\b(?:has|have) had (?:a|no) letter\b"
    r"|could be asked\b|\bA letter about it goes to\b|\bhas a letter about it\b"
)
# One of these is in whatever _TOLD finds, and in few sentences besides.
_HINTS = re.compile(r"been |told|Asked |I have |letter|could be asked")
_BORNE_OUT: tuple[tuple[str, Callable[[re.Match[str], Others], bool]], ...] = (
    (r"I have told the .+ that an urgent message arrived\.", lambda _, others: others.went("urgent_told")),
    (r"Nobody else has had a letter about it\.", lambda _, others: not others.went("urgent_told")),
    (r"They have been sent the numbers to ring\.", lambda _, others: others.went("urgent")),
    (r"They have been asked to check what was shared\.", lambda _, others: others.went("outsider")),
    (r"The other side has been asked to confirm\.", lambda _, others: others.went("proposed")),
    (r"The other side has been asked whether it agrees\.", lambda _, others: others.went("date_proposed")),
    (r"Asked to confirm: (.+)\.", lambda said, others: _each(said[1], others, "proposed")),
    (r"Asked whether they agree: (.+)\.", lambda said, others: _each(said[1], others, "date_proposed")),
    (r"Asked about it: (.+)\.", lambda said, others: _each(said[1], others, "question")),
    (r"Nobody could be asked .*", lambda _, others: not others.went("proposed", "date_proposed")),
    (r"A letter about it goes to (\d+) other .*", lambda said, others: len(others.letters) >= int(said[1])),
    (r"Nobody else has a letter about it\.", lambda _, others: True),  # another line of the same email may have
    (r"They have not been written to, and will not be\.", lambda _, others: True),
    (r"(?:Nothing .+, and )?nobody else (?:was told|has been told what is in it)\.", lambda _, others: True),
    (r"The other agency has not been told.*", lambda _, others: True),
    (r"So not everybody has been told\.", lambda _, others: True),
    (r".*nobody of .+ (?:was told|has had a letter)\..*|Nobody of .+ has had a letter\..*", lambda _, others: True),
    (r"(?:[Tt]he )?(.+) has been told\.", lambda said, others: others.heard(said[1])),
)


def _each(names: str, others: Others, letter: str) -> bool:
    """Of every agency or person named as asked there is a letter; the names themselves may have commas and "and". The
    office goes by its title, which is no agency's."""
    known = {agency.name for agency in others.directory.agencies if agency.name in names}
    if not known:
        return any(name == letter and address in others.office for name, address in others.letters)
    return all(others.went(letter, to=name) for name in known)


def told_without_a_letter(text: str, beside: Callable[[], Others], own_words: Iterable[str]) -> list[str]:
    """Sentences of a letter that say of somebody that they were told, where no letter to them bears it out."""
    quoted = " ".join(" ".join(words.split()) for words in own_words)
    flat = (" ".join(block.split()) for block in re.split(r"\n\s*\n|\n(?=[-•] )", text))
    sentences = (one.strip(" -“”") for block in flat for one in re.split(r"(?<=[.?!]) +(?=[A-Z“])", block))
    ours = (one for one in sentences if one not in quoted and (one.partition(": ")[2] or one) not in quoted)
    found = [one for one in ours if _HINTS.search(one) and _TOLD.search(one)]
    others = beside() if found else None
    return [one for one in found if others and not _is_borne_out(one, others)]


def _is_borne_out(sentence: str, others: Others) -> bool:
    for form, check in _BORNE_OUT:
        said = re.fullmatch(form, sentence)
        if said is not None:
            return check(said, others)
    return False
