"""People and agencies as they are named in an email: "Jasper (cc'd)", "DI C. Imaginary, cordelia@...", "CSC".

A name is looked up in the directory inside the right agency, or among those the email was sent to. One match is that
person; none, or several, is a name without an address, and the address is asked for.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mailbot.core.partnership.directory import Agency, Directory, domain_of
from mailbot.core.partnership.roster import RosterChange, RosterKind, roster_fault
from mailbot.core.record.intents import Person
from mailbot.mail import lexicon
from mailbot.mail.text.labelled_lines import NOT_AN_ANSWER, Labelled
from mailbot.mail.text.spelling_and_sentences import plain, sentences, tidy, unwrapped

ADDRESS = re.compile(r"[A-Za-z0-9_.+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
_TITLE = r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|DS|DI|DCI|DC|PC|PS|Sgt|Prof|Rev)\.? )?"
NAME = _TITLE + r"[A-Z][A-Za-z'-]+(?: (?:[A-Z]\. ?)?[A-Z][A-Za-z'-]+){0,3}"
_NAME = re.compile(NAME)
_TITLES = re.compile(r"^(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|DS|DI|DCI|DC|PC|PS|Sgt|Prof|Rev)\.?\s)+")
_BRACKETS = re.compile(r"[(\[<][^)\]>]{0,80}[)\]>]")
_POST = re.compile(r"\b(?:manager|head|lead|director|nurse|officer|worker|supervisor|principal|teacher|dsl)\b", re.I)


def read_person(value: str, directory: Directory, agency: str = "", near: Iterable[Person] = ()) -> Person | None:
    """The person named in an email's text by ``value``; None for "tbc" and the like. ``near`` are the
    people on the email itself."""
    if plain(_BRACKETS.sub("", value)) in NOT_AN_ANSWER and not ADDRESS.search(value):
        return None
    address = ADDRESS.search(value)
    rest = ADDRESS.sub(" ", value)
    pieces = [p.strip(" .;-<>()") for p in re.split(r"[,;|]| - ", _BRACKETS.sub(" ", rest)) if p.strip(" .;-<>()")]
    name = " ".join(pieces[0].split()) if pieces else ""
    post = next((p for p in pieces[1:] if _POST.search(p)), "")
    capital = _NAME.search(name)
    if len(name.split()) > 4:
        name = capital[0] if capital else ""
    if address:
        found = directory.person(address[0].lower(), _TITLES.sub("", name))
        return found if found.designation or not post else Person(found.address, found.name, found.agency, post)
    return find_named(_TITLES.sub("", name), directory, agency, near, post) if capital else None


_OR = re.compile(r"(?i:\s+or\s+|\s+and\s+|\s*[/&+]\s*|\s+neu\s+)(?=[A-Z])")


def names_several(text: str, directory: Directory, near: Iterable[Person] = ()) -> bool:
    """Does an email name more than one person where one is asked for: two addresses, an address and another's name,
    "Cassius or Beatrix"?"""
    addresses = set(addresses_in(text))
    if len(addresses) > 1:
        return True
    owner = directory.person(next(iter(addresses))) if addresses else None
    named = set(plain(owner.name or owner.address.partition("@")[0].replace(".", " ")).split()) if owner else set()
    line = next((one for one in text.split("\n") if not addresses or ADDRESS.search(one)), "")
    known = tuple(near)
    people = [
        any(find_named(name, directory, "", known).address for name in names_in(piece))  # type: ignore[union-attr]
        for piece in _OR.split(ADDRESS.sub(" ", line))
        if not named & set(plain(piece).split())
    ]
    return sum(people) > (0 if addresses else 1)


def find_named(
    name: str, directory: Directory, agency: str = "", near: Iterable[Person] = (), post: str = ""
) -> Person | None:
    """The one person whom people call ``name``: first among ``near``, then in ``agency``; else the
    bare name; None for ""."""
    words = set(plain(name).split())
    if not words:
        return None
    close = [p for p in near if p.address and _is_called(p, words)]
    if agency:
        close = [p for p in close if p.agency in ("", agency)] or close
    if len({p.address for p in close}) == 1:
        return close[0]
    listed = directory.find_named(name, agency) or (directory.find_named(name) if not agency else ())
    if len(listed) == 1:
        return listed[0]
    return Person("", name, agency, post)


def _is_called(person: Person, words: set[str]) -> bool:
    """Is a person in an email called by these words, each a part of their name, or short for the first of it, "Des"?"""
    name = plain(person.name).split()
    return bool(name) and all(word in name or (len(word) >= 3 and name[0].startswith(word)) for word in words)


def people_spoken_of(text: str, people: Iterable[Person]) -> tuple[Person, ...]:
    """Those of ``people`` whom an email's text names: by surname, by first name, or short for that, "Des"."""
    said = [word.removesuffix("'s") for word in re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", text)]
    words = {word.lower() for word in said if word[0].isupper() or len(word) > 4}
    short = {word.lower() for word in said if word[0].isupper() and len(word) > 2} - _COMMONEST
    found = []
    for person in people:
        name = plain(_BRACKETS.sub("", person.name)).split()
        if name and ({name[0], name[-1]} & words or any(name[0].startswith(word) for word in short)):
            found.append(person)
    return tuple(dict.fromkeys(found))


_COMMONEST = lexicon.vocabulary("not_people") | lexicon.vocabulary("english")


def names_in(text: str) -> tuple[str, ...]:
    """The runs of capitalised words in a text that could be people's names, in order."""
    return tuple(m[0] for m in _NAME.finditer(text))


def names_in_full(text: str) -> tuple[str, ...]:
    """The names of people in an email's text that are given in full, "Mr Vane", "Ruth Amory", without the posts and
    first words of sentences beside them ("Please add SENCO Ruth Amory"); each once, in order."""
    found = []
    for run in names_in(text):
        words = run.removesuffix("'s").split()
        while words and _is_no_name(words[0]):
            del words[0]
        while words and _is_no_name(words[-1]):
            del words[-1]
        titled = bool(words) and plain(words[0]) in _TITLED
        if len(words) > 1 and not any(_is_no_name(word) for word in words[titled:]):
            found.append(" ".join(words[1:] if titled and len(words) > 2 else words))
    return tuple(dict.fromkeys(found))


_TITLED = lexicon.vocabulary("titles")
_NO_NAME = (
    frozenset(map(plain, _COMMONEST))
    | lexicon.vocabulary("posts")
    | lexicon.vocabulary("month")
    | lexicon.vocabulary("weekday")
    | lexicon.vocabulary("begins_a_sentence")
)


def _is_no_name(word: str) -> bool:
    """Is a capitalised word of an email's text no part of a name: a post, a day, "Please", "NHS", "I'm"?"""
    said = plain(word)
    return said not in _TITLED and (said in _NO_NAME or (len(word) > 1 and word.isupper()) or "'" in word[-3:])


def addresses_in(text: str) -> tuple[str, ...]:
    return tuple(m[0].lower().rstrip(".") for m in ADDRESS.finditer(text))


def agency_named(words: str, directory: Directory, among: tuple[str, ...] = ()) -> str:
    """The agency that ``words`` of an email name, "" when none is. ``among`` limits it to these
    names (one council, two)."""
    limited = Directory(tuple(a for a in directory.agencies if not among or a.name in among))
    found = limited.find_agency(words)
    if found is None:
        found = next((a for a in limited.agencies if _alike(a.name, words)), None)
    return found.name if found else ""


# Parts of an agency's name that say nothing about which it is.
_COMMON = lexicon.vocabulary("agency_common")


def _alike(name: str, words: str) -> bool:
    """Is an agency named by the telling words of its name alone: "Early Help (Council)", "Harbourside"?"""
    said = set(plain(words).split())
    telling = [w for w in plain(name).split() if w not in _COMMON]
    return bool(telling) and (set(telling) <= said or (len(telling[0]) > 5 and telling[0] in said and len(said) < 4))


_BETWEEN = re.compile(r"\s*(?:[/;,&\n]|<>|->|\bv\.?s?\.?(?=\s)|\bversus\b|\bwith\b|\s-\s)\s*", re.I)
_AND = re.compile(r"\s+(?:and|as well as|plus|also)\s+", re.I)
_NO_AGENCY = re.compile(r"\W*(?:between|and|also|the|both|us|ourselves|our agency)?\W*", re.I)


def agencies_listed(value: str, directory: Directory) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The agencies that a line of an email lists ("School / CSC and Health"): those of the directory, by name, and the
    words of the others. An "and" parts two agencies only where the whole is no agency's name."""
    known: list[str] = []
    unknown: list[str] = []
    for part in filter(None, _BETWEEN.split(value.strip(" .*_|"))):
        pieces = [part] if directory.find_agency(part) else _AND.split(part)
        for piece in pieces:
            name = agency_named(piece, directory)
            if name:
                known.append(name)
            elif not _NO_AGENCY.fullmatch(piece):
                unknown.append(" ".join(piece.split()))
    return tuple(dict.fromkeys(known)), tuple(dict.fromkeys(unknown))


def agencies_unlisted(labels: Iterable[Labelled], directory: Directory) -> str:
    """Of people and agencies found in a text, the words of the agencies that it lists in lines of their own and no
    directory has; of the writer's own, which stands first, nothing is asked."""
    unknown: list[str] = []
    for label in labels:
        if label.key in ("agencies", "also_with") and label.is_answer:
            beside = agencies_listed(label.value, directory)[1]
            first = plain(beside[0]) if beside and label.key == "agencies" else ""
            unknown += beside[1:] if first and plain(label.value).startswith(first) else beside
    return "; ".join(dict.fromkeys(unknown))


def agency_of(person: Person, text: str, directory: Directory) -> str:
    """The agency whose officer a person in an email is. Where one mail domain serves several agencies, the one the
    email speaks of, else ""."""
    if person.agency:
        return person.agency
    candidates = tuple(a.name for a in directory.agencies_at(person.address)) if domain_of(person.address) else ()
    if len(candidates) < 2:
        return candidates[0] if candidates else ""
    return agency_named(text, directory, candidates)


def person_with_agency(person: Person, agency: str) -> Person:
    return person if person.agency or not agency else Person(person.address, person.name, agency, person.designation)


_DISAGREES = (
    r"\W{1,3}(?:also |both |too |all )?(?:disagrees?|(?:do|does) not agree|(?:has|have) (?:also )?(?:refused|declined|"
    r"closed)|(?:is|are) (?:also )?(?:involved|part of this|closing|refusing))\b"
)

# One of them stands in whatever that matches.
_DISAGREEING = ("agree", "refus", "declined", "clos", "involved", "part of this")


def agencies_that_disagree(text: str, directory: Directory) -> tuple[str, ...]:
    """Agencies of which a sentence says that they disagree too ("Health disagree with us as well")."""
    low, found = text.lower(), []
    if text.isascii() and not any(word in low for word in _DISAGREEING):
        return ()
    for agency in directory.agencies:
        names = "|".join(re.escape(name) for name in (agency.name, *agency.also))
        if re.search(rf"\b(?:{names}){_DISAGREES}", text, re.I):
            found.append(agency.name)
    return tuple(found)


_ACTS = lexicon.pattern("openings.agency_acts")


def agencies_that_act(text: str, directory: Directory) -> tuple[str, ...]:
    """Agencies of which a sentence says what they did, or will not do, or that they see it so as well ("Westmere NHS
    Trust has discharged K without telling us"): by their names, and not by a word that many have ("health")."""
    told = [one for one in sentences(unwrapped(text)) if _ACTS.search(one)]
    found = []
    for agency in directory.agencies:
        called = (agency.name, *(name for name in agency.also if name.isupper() or " " in name))
        names = "|".join(re.escape(name) for name in called)
        if any(re.search(rf"\b(?:{names})\b", one) for one in told):
            found.append(agency.name)
    return tuple(found)


# The lines by which an agency's contact corrects its roster: LEFT, NEW, CHANGE, or RIGHT where nothing is to
# change.
#
# A line is read whole or said back. Names stand for people of that agency alone.

_LINE = re.compile(r"^\W*(left|gone|new|add|change|correct)\b\s*[:;-]\s*(?P<rest>.+)$", re.IGNORECASE)
_RIGHT = re.compile(
    r"^\W*(?:right|correct|all (?:right|correct|good)|no changes?|nothing (?:has changed|to change)|it is right)"
    r"[\s.,!]*(?:thanks|thank you|many thanks)?[\s.!]*$",
    re.IGNORECASE,
)
_COLUMNS = {
    "name": "name",
    "designation": "designation",
    "job": "designation",
    "title": "designation",
    "post": "post",
    "role": "post",
    "deputy": "deputy",
    "phone": "phone",
    "telephone": "phone",
    "number": "phone",
}
_SET = re.compile(rf"(?P<who>.+?)[,;:]\s*(?P<column>{'|'.join(_COLUMNS)})\s*[:=]?\s+(?P<value>[^,;]+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RosterAnswer:
    """``right``: nothing is to change. ``unclear`` are lines that begin like one and could not be read, with why."""

    changes: tuple[RosterChange, ...] = ()
    unclear: tuple[str, ...] = ()
    right: bool = False


def roster_answer(own: str, agency: Agency, directory: Directory) -> RosterAnswer:
    """The roster's lines in ``own``, a contact's own words."""
    changes: list[RosterChange] = []
    unclear: list[str] = []
    lines = [tidy(line).strip(" *_>\t") for line in own.split("\n")]
    for line in lines:
        match = _LINE.match(line)
        if match is None:
            continue
        read = _read(match[1].casefold(), match["rest"].strip(" ."), agency, directory)
        if isinstance(read, str):
            unclear.append(f"“{line[:120]}”: {read}")
        else:
            changes.append(read)
    said = next((line for line in lines if line), "")
    return RosterAnswer(tuple(changes), tuple(unclear), not changes and not unclear and bool(_RIGHT.match(said)))


def _read(word: str, rest: str, agency: Agency, directory: Directory) -> RosterChange | str:
    if word in ("left", "gone"):
        made = _about(rest, agency, directory)
        return RosterChange(RosterKind.LEFT, made) if "@" in made else made
    if word in ("new", "add"):
        return _new(rest, agency, directory)
    match = _SET.match(rest)
    if match is None:
        return "a change is written: name, then phone (or post, deputy, designation, name) and the new value"
    who = _about(match["who"], agency, directory)
    if "@" not in who:
        return who
    column, value = _COLUMNS[match["column"].casefold()], match["value"].strip()
    if column == "deputy":
        value = _about(value, agency, directory)
        if "@" not in value:
            return value
    return RosterChange(RosterKind.SET, who, {column: value})


def _about(words: str, agency: Agency, directory: Directory) -> str:
    """The address of the one person of the roster that is meant; or why nobody is, which has no @."""
    found = ADDRESS.search(words)
    if found:
        address = found[0].lower()
        fault = roster_fault(RosterChange(RosterKind.LEFT, address), agency, directory)
        return fault.replace("@", " at ") if fault else address
    people = directory.find_named(words, agency.name)
    if len(people) != 1:
        return f"{'nobody' if not people else 'more than one person'} on the list of {agency.name} is called so"
    return people[0].address


def _new(rest: str, agency: Agency, directory: Directory) -> RosterChange | str:
    found = ADDRESS.search(rest)
    if found is None:
        return "somebody new needs an email address"
    before, after = rest[: found.start()], rest[found.end() :]
    name = " ".join(before.strip(" ,;<(").split())
    cells = list(_cells(after))
    if not name:
        return "somebody new needs a name, before the address"
    values = {"name": name, "email": found[0].lower(), "agency": agency.name}
    values |= dict(zip(("designation", "post"), cells, strict=False))
    change = RosterChange(RosterKind.NEW, found[0].lower(), values)
    return roster_fault(change, agency, directory) or change


def _cells(text: str) -> Iterator[str]:
    for part in text.strip(" ,;>)").split(","):
        if part.strip():
            yield " ".join(part.split())
