"""Letters to subject, text and HTML. The words are written once, in ``body.txt``; the HTML shows the same words.

``body.txt`` has two blocks, ``headline`` and ``lead``. They are rendered as text, then handed to ``body.html`` as
``words``, where they are escaped like anything else: no letter can say one thing in text and another in HTML, and no
value reaches HTML unescaped. Templates come in as a mapping from name to source; the shell reads the files. What
people wrote is only ever a value, never part of a template.
"""

import re
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, fields
from functools import cache
from operator import attrgetter
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, FunctionLoader, StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing

from mailbot.core.notices.notice import LETTERS
from mailbot.core.partnership.roster import RosterSheet
from mailbot.core.reports.agency_counts import Counts
from mailbot.core.reports.daily_word import Heartbeat
from mailbot.core.reports.digest import Digest
from mailbot.core.reports.meeting_report import Report
from mailbot.mail.body.wording_of_mail_clients import MARKER
from mailbot.mail.letters.buttons import mailto
from mailbot.mail.letters.letter import LetterView
from mailbot.mail.letters.overview_card import Card
from mailbot.mail.letters.sample_letters import (
    bare,
    bare_card,
    bare_counts,
    bare_digest,
    bare_heartbeat,
    bare_report,
    bare_roster,
    full,
    full_card,
    full_counts,
    full_digest,
    full_heartbeat,
    full_report,
    full_roster,
)
from mailbot.mail.letters.wording import (
    date_words,
    day_brief,
    day_long,
    day_short,
    headline_of,
    in_short,
    inside,
    instant_short,
    month_long,
    name_only,
    opening,
)

_PARTS = ("subject.txt", "body.txt", "body.html")
_HTML_END = ".html"
View = LetterView | Digest | Counts | Heartbeat | Report | Card | RosterSheet
# Letters with a view of their own, each with a full and a bare sample of it. Their templates have it by their name.
LETTERS_APART: Mapping[str, tuple[View, View]] = {
    "digest": (full_digest(), bare_digest()),
    "counts": (full_counts(), bare_counts()),
    "heartbeat": (full_heartbeat(), bare_heartbeat()),
    "meeting_report": (full_report(), bare_report()),
    "card": (full_card(), bare_card()),
    "roster": (full_roster(), bare_roster()),
}
# Characters of a subject: a telephone shows some forty, Outlook's list some fifty. A card lies in a folder, and is read
# in a wide window.
LONGEST_SUBJECT, _LONGEST_OF_A_CARD = 50, 150


@dataclass(frozen=True, slots=True)
class Rendered:
    """``subject`` is one line; ``text`` has ``\\n`` line ends; ``html`` is a whole page."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Either running ``text`` or a list of ``items``."""

    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WordsShown:
    """``turn`` is "Your turn, Barnaby: by …" or "For information, Barnaby: nothing for you to do"; "" in a sheet.
    ``beside`` is what of a question is more than its headline: it stands above the buttons too."""

    turn: str
    headline: str
    beside: tuple[Paragraph, ...]
    lead: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with a template: its name ("opened/body.txt", or only "opened"), its line (0: not known)."""

    template: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.template}{f', line {self.line}' if self.line else ''}: {self.words}"


class _Compiled(BytecodeCache):
    """What templates were compiled to, for whoever makes ``Letters`` of the same sources again in this process (each
    partnership, each check, each story): a template is 8 ms of work, and there are two hundred."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class _Values(Context):
    """What a template may print. A letter has thirty parts, each with all hundred values and what the part around it
    has set besides: they are put together once, and not for each part."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._set: dict[str, Any] = {}
        self._all: dict[str, Any] = self.parent

    def get_all(self) -> dict[str, Any]:
        if len(self.vars) != len(self._set) or any(self._set.get(name) is not one for name, one in self.vars.items()):
            self._set, self._all = dict(self.vars), {**self.parent, **self.vars}
        return self._all


class _Part(Template):
    def new_context(
        self, vars: dict[str, Any] | None = None, shared: bool = False, locals: Mapping[str, Any] | None = None
    ) -> Context:
        """Rendering, a template's values: those of the part around it as they are, and beside them what that one has
        set."""
        if vars is None or not shared:
            return super().new_context(vars, shared, locals)
        made = _Values(self.environment, vars, self.name, self.blocks)
        if locals:
            made.vars.update((name, one) for name, one in locals.items() if one is not missing)
        return made


class _Shown(SandboxedEnvironment):
    """What a template asks of a view is one of its own fields: data, which needs none of the sandbox's questions."""

    template_class = _Part

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._loaded: dict[str, Template] = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if attribute in getattr(type(obj), "__dataclass_fields__", ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What every template has, in one mapping: it is copied into each of the thirty contexts of a letter."""
        return {**self.globals, **(d or {})}

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """A template by its name, asked thirty times for each letter: what was once loaded does not change."""
        if isinstance(name, Template) or globals:
            return super().get_template(name, parent, globals)
        if (found := self._loaded.get(name)) is None:
            found = self._loaded[name] = super().get_template(name, parent)
        return found


class Letters:
    """Every template, compiled. ``templates`` maps "opened/body.txt" to its source."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._names = frozenset(templates)
        self._flaws: tuple[Flaw, ...] | None = None
        self._jinja = _Shown(
            loader=FunctionLoader(lambda name: (templates[name], name, None) if name in templates else None),
            undefined=StrictUndefined,
            autoescape=lambda name: bool(name and name.endswith(_HTML_END)),
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_COMPILED,
        )
        self._jinja.filters |= {
            "inside": inside,
            "date_words": date_words,
            "brief": day_brief,
            "name_only": name_only,
            "in_short": in_short,
            "first_sentence": lambda words: headline_of(words)[0],
            "after_first": lambda words: headline_of(words)[1],
            "day_long": day_long,
            "day_short": day_short,
            "month_long": month_long,
            "instant": instant_short,
            "reply_with": lambda mailbox, line: mailto(mailbox, line, (line,)),
        }
        self._jinja.filters["opening"] = opening

    def render(self, letter: str, view: object) -> Rendered:
        """Renders ``letter`` for ``view``: a ``LetterView``, or the view of its own that a letter of ``APART`` has.

        Raises jinja2.TemplateError.
        """
        kind: Any = type(view)
        names = _names(kind)
        values: dict[str, Any] = dict(zip(names, attrgetter(*names)(view), strict=True))
        values = {**_of_every_letter(letter, values), **values}
        if letter in LETTERS_APART:
            values[letter] = view
        values = {**self._jinja.globals, **values}
        subject = _fitted(_rendered(self._template(letter, "subject.txt"), values))
        body = self._template(letter, "body.txt")
        turn = "" if letter in LETTERS_APART else _line(self._turn(body, values))
        beside, lead = (tuple(_paragraphs(_block(body, name, values))) for name in ("beside", "lead"))
        words = WordsShown(turn, _line(_block(body, "headline", values)), beside, lead)
        html = _rendered(self._template(letter, "body.html"), {**values, "words": words, "subject": subject})
        return Rendered(subject, _tidy(_rendered(body, values)), re.sub(r"\n\s*\n+", "\n", html.strip()) + "\n")

    def _template(self, letter: str, part: str) -> Template:
        return self._jinja.get_template(f"{letter}/{part}")

    def _turn(self, body: Template, values: dict[str, Any]) -> str:
        own = body if "turn" in body.blocks else self._jinja.get_template("_layout.txt")
        return _block(own, "turn", values)

    def check(self) -> list[str]:
        """Checks the templates by rendering them: every letter compiled and rendered with a full and a bare sample;
        what is wrong, in words for its editor."""
        return [str(flaw) for flaw in self.flaws()]

    def flaws(self) -> tuple[Flaw, ...]:
        """What ``check`` says, with the place of each in its template. It takes a second, once."""
        if self._flaws is None:
            self._flaws = tuple(self._found())
        return self._flaws

    def _found(self) -> list[Flaw]:
        wanted = (f"{name}/{part}" for name in (*LETTERS, *LETTERS_APART) for part in _PARTS)
        faults = [Flaw(name, 0, "this template is missing") for name in wanted if name not in self._names]
        faults += [fault for name in sorted(self._names) for fault in self._compiled(name)]
        if faults:
            return faults
        samples: list[tuple[str, View]] = [(name, view) for name, views in LETTERS_APART.items() for view in views]
        samples += [(letter, view) for letter in LETTERS for view in (full(letter), bare(letter))]
        return [fault for name, view in samples for fault in self._rendered(name, view)]

    def _compiled(self, name: str) -> Iterator[Flaw]:
        try:
            self._jinja.get_template(name)
        except TemplateSyntaxError as broken:
            yield Flaw(name, broken.lineno, broken.message or "this cannot be read")

    def _rendered(self, letter: str, view: View) -> Iterator[Flaw]:
        try:
            made = self.render(letter, view)
        except (TemplateError, TypeError, ValueError) as broken:
            yield Flaw(*(_place(broken) or (letter, 0)), str(broken))
            return
        for fault in template_faults(letter, made, view.risk):
            where, _, words = fault.partition(": ")
            yield Flaw(where, 0, words)


# Letters that tell how a procedure goes, or answer word of danger: they carry all that it says of danger. The rest say
# it once, at their head, with the numbers.
_WHOLE_RISK = frozenset({"guide", "urgent"})
_BEGINS = frozenset({"opened", "reopened"})  # their head says besides whose procedure is to be followed in danger
# Letters that may be the first that somebody has of a partnership: no abbreviation before its words.
_WITH_DUTIES = frozenset({"opened", "stage_entered", "referred", "summary", "stage_told"})  # what the procedure asks
_SIGNED_IN_FULL = frozenset({"referred", "closed", "guide", "out_of_scope", "was_it_you"})
# What a mail program shows after the subject is the beginning of the page: the turn and the headline, and then nothing.
# The joiners are seen by nobody, and by them a reply that quotes the line is known (``incoming.quotation``).
_PADDING = "\u034f" * 3 + " \u200c\u00a0\u034f" * 60


def _of_every_letter(letter: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What every letter's templates have beside its view: the first words of danger, and whose turn it is."""
    subject, name = values.get("subject_word", "child"), values.get("greeting", "")
    lead = values.get("risk_who", "")
    limit = f": {values['by']}" if values.get("acts") and values.get("by") else ""
    comma = f", {name}" if name else ""
    return {
        "marker": MARKER,
        "danger": danger_words(subject),
        "a_subject": _with_article(subject),
        "tell": _told_of_danger(letter, lead),
        "phones": (),
        "unstaffed": _unstaffed(values),
        "signed": values["partnership"] if letter in _SIGNED_IN_FULL else "",
        "whole_risk": letter in _WHOLE_RISK,
        "padding": _PADDING,
        "yours": f"Your turn{' now' if values.get('by_short') == 'now' and values.get('limit') else ''}{comma}{limit}",
        "informs": f"For information{comma}{_may(letter, values)}",
        "to_file": _to_file(letter, values, comma, subject),
        "sooner": _sooner(letter, values, subject),
    }


def _sooner(letter: str, values: Mapping[str, Any], subject: str) -> str:
    """Rendered before what happens otherwise: that no limit is leave to wait. Whoever only passes a referral on is told
    whose limit that is: their own turn is today."""
    if letter == "referred" and values.get("by") and not values.get("decides"):
        return f"Their decision is due {values['by']}; sooner if the {subject} needs it."
    return f"Sooner if the {subject} needs it." if values.get("limit") else ""


def _may(letter: str, values: Mapping[str, Any]) -> str:
    """Rendered: what a letter that gives its reader no turn says after "For information, Barnaby": nothing to do is
    said only where there is nothing that they could."""
    if _wants_lines(letter, values):
        return "; and please send what is missing"
    if asked := _asked_of(letter, values):
        return asked
    if values.get("still_yours"):
        by = values.get("by")
        return f"; it is still your turn, {by}" if by else "; it is still your turn now"
    if any(button.word != "WRONG" for button in values.get("buttons", ())):
        return ": nothing is asked of you; you may reply"
    return ": nothing for you to do"


def _to_file(letter: str, values: Mapping[str, Any], comma: str, subject: str) -> str:
    """Rendered: the turn of a letter for the record. One person of an agency is asked to put it there; the rest of it
    hear who that is."""
    if values.get("side") not in ("raising", "receiving"):
        return f"For information{comma}: nothing for you to do"
    if files := values["besides"].files:
        return f"For information{comma}: {files} is to file it on the {subject}'s record{_asked_of(letter, values)}"
    return f"For your file{comma}: please put this on the {subject}'s record{_filed(letter, values)}"


def _asked_of(letter: str, values: Mapping[str, Any]) -> str:
    """Rendered after a turn that asks nothing: that the procedure does, from now on."""
    return "; below is what the procedure asks of you" if values.get("duties") and letter in _WITH_DUTIES else ""


def _filed(letter: str, values: Mapping[str, Any]) -> str:
    """Rendered: what follows the word that a letter is for the file: what the procedure asks of its reader from now on,
    or that no reply is needed."""
    if values.get("duties") and letter in _WITH_DUTIES:
        asked = "elow is what the procedure asks of you"
        return f"; b{asked}" if values.get("act_due") else f"; no reply is needed. B{asked}"
    return "" if values.get("buttons") else "; no reply is needed"


def _wants_lines(letter: str, values: Mapping[str, Any]) -> bool:
    """Rendered: does a letter that asks for nothing else have a button for what is still missing?"""
    return letter != "feedback_asked" and any(not button.word for button in values.get("buttons", ()))


def _told_of_danger(letter: str, lead: str) -> str:
    """Rendered after the first words of danger: whom its reader tells; in the first letter of a dispute, what they
    follow. An office of the partnership tells nobody."""
    if not lead:
        return ""
    if letter in _BEGINS:
        return f"If anyone is at risk, tell your {lead} and follow your safeguarding procedure now."
    return f"Tell your {lead}."


def _unstaffed(values: Mapping[str, Any]) -> str:
    """Rendered beside the numbers: whom to ring while offices are closed before a limit, where the procedure gives no
    number."""
    told = values.get("risk_who") and values.get("acts") and values.get("limit") and values.get("closed_before")
    told = told and not values.get("phones")
    return "Offices closed: your agency's out-of-hours number" if told else ""


def danger_words(subject: str) -> str:
    """Rendered at the head of every letter: "Is a child in danger now? Do not wait for this: ring 999."."""
    return f"Is {_with_article(subject)} in danger now? Do not wait for this: ring 999."


def _with_article(subject: str) -> str:
    """Rendered: "a child", "an adult"."""
    return f"{'an' if subject[0] in 'aeiou' else 'a'} {subject}"


def _fitted(subject: str) -> str:
    """A rendered subject on one line. What stands in brackets at its end is left out where the line would be too long:
    whatever must be read stands before it."""
    line = " ".join(subject.split())
    return re.sub(r" \([^()]*\)$", "", line) if len(line) > LONGEST_SUBJECT else line


def _place(error: Exception) -> tuple[str, int] | None:
    """Where rendering a template went wrong: the template and the line an error came from. Jinja puts its own lines
    into a traceback only where it passed through ``Template.render``; a block alone still has those of the compiled
    code."""
    place, at = None, error.__traceback__
    while at is not None:
        known = at.tb_frame.f_globals
        template = known.get("__jinja_template__")
        if isinstance(template, Template):
            place = (template.name or "", template.get_corresponding_lineno(at.tb_lineno))
        elif "__jinja_exception__" in known:
            place = (at.tb_frame.f_code.co_filename, at.tb_lineno)
        at = at.tb_next
    return place


NEVER = (
    "you have until",
    "no action needed until",
    "under control",
    "low risk",
    "your referral has been made",
    "failed to",
    "refused to",
    "is at fault",
    "to blame",
    "ignored",
)
_DATE = re.compile(
    r"\b\d{1,2}(?:am|pm)\b|\b\d{1,2}:\d\d\b|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]* \d{1,2}\b|\b20\d\d\b"
)


_OPENS = re.compile(rf"-- {MARKER} -- Is an? \w+ in danger now\? Do not wait for this: ring 999\.")
_PREHEADER = re.compile(r'(?s)<div class="preheader".*?</div>')


def template_faults(letter: str, made: Rendered, risk: str) -> Iterator[str]:
    """Faults of a rendered template: what a letter may never do, whoever edited its template: each fault in words."""
    most = _LONGEST_OF_A_CARD if letter == "card" else LONGEST_SUBJECT
    if not made.subject or len(made.subject) > most:
        yield f"{letter}: the subject is empty or longer than {most} characters"
    for part, text in (("body.txt", made.text), ("body.html", _visible(made.html))):
        flat = " ".join(text.split())
        opened = _OPENS.match(flat)
        if not opened:
            yield f"{letter}/{part}: the first line must be the reply marker and the first sentence ask about danger"
        if letter in _WHOLE_RISK and " ".join(risk.split()) not in flat:
            yield f"{letter}/{part}: the procedure's own words about danger are missing"
        found = _DATE.search(flat)
        if found and opened and found.start() < opened.end():
            yield f"{letter}/{part}: a date comes before the words about danger"
        if letter == "urgent" and found:
            yield f"{letter}/{part}: an urgent letter has no dates ({found[0]!r})"
        small = flat.casefold()
        for words in NEVER:
            if words in small:
                yield f"{letter}/{part}: a letter never says {words!r}"
    for link in re.findall(r"""(?:href|src|background|action)\s*=\s*["']?([^"'\s>]+)""", made.html):
        if not link.startswith(("mailto:", "tel:", "#")):
            yield f"{letter}/body.html: only mailto: and tel: links, and nothing from elsewhere ({link[:60]})"


def _visible(html: str) -> str:
    body = _PREHEADER.sub("", re.sub(r"(?s)<head>.*?</head>", "", html))
    text = re.sub(r"<[^>]*>", " ", body)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


@cache
def _names(view: type[Any]) -> tuple[str, ...]:
    """The names by which a rendered letter has the fields of its view."""
    return tuple(field.name for field in fields(view))


def _rendered(template: Template, values: dict[str, Any]) -> str:
    """A template rendered for what it and every part of it may print, Jinja's own globals among it."""
    return "".join(template.root_render_func(template.new_context(values, shared=True)))


def _block(template: Template, name: str, values: dict[str, Any]) -> str:
    block = template.blocks.get(name)
    return "".join(block(template.new_context(values, shared=True))) if block else ""


def _line(text: str) -> str:
    return _one_stop(" ".join(text.split()))


def _one_stop(text: str) -> str:
    """One full stop in rendered text: initials bring their own full stop: "about J.T.." has one too many."""
    return re.sub(r"(?<=[A-Z])\.\.(?=\s|$)", ".", text) if ".." in text else text


def _paragraphs(text: str) -> Iterator[Paragraph]:
    for block in re.split(r"\n\s*\n", _one_stop(text.strip())):
        lines = [" ".join(line.split()) for line in block.split("\n") if line.strip()]
        if lines and all(line.startswith("- ") for line in lines):
            yield Paragraph(items=tuple(line[2:] for line in lines))
        elif lines:
            yield Paragraph(text=" ".join(lines))


def _tidy(text: str) -> str:
    """Rendered text made tidy: no trailing spaces, never two empty lines together, one line end at the end."""
    lines = "\n".join(line.rstrip() for line in _one_stop(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
