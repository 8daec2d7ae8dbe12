"""What a letter may print, for one reader: all strings, nothing left to decide."""

from dataclasses import dataclass

from mailbot.mail.writing.buttons import Button
from mailbot.mail.writing.by_office import NOTHING_BY_OFFICE, ByOffice
from mailbot.mail.writing.form_told import NO_FORM, FormTold
from mailbot.mail.writing.record import PersonRow, Row
from mailbot.mail.writing.speaking import NOTHING, Told


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """``shown`` is what is read, ``dialled`` the digits a telephone is handed."""

    shown: str
    dialled: str


@dataclass(frozen=True, slots=True)
class LetterView:
    """All strings and tuples of strings. "" and () mean there is nothing to say, and the template says nothing."""

    letter: str
    partnership: str
    short: str
    protocol: str
    subject_word: str  # "child" or "adult"
    risk: str
    then: tuple[str, ...]
    phones: tuple[PhoneRow, ...]
    duty: str
    office: str
    mailbox: str
    source: str
    policy: str  # address of the published text, "" when the file has none
    greeting: str = ""
    acts: bool = False
    decides: bool = False  # one of those who decide at this stage
    is_writer: bool = False  # wrote what this letter answers
    side: str = ""  # "raising", "receiving", "partnership"
    reference: str = ""
    child: str = ""
    raiser: str = ""
    raising: str = ""
    receiving: str = ""
    topic: str = ""  # "Stage 2: line manager to line manager", the subject of every letter of this stage
    stage: str = ""  # "Stage 2"
    stage_title: str = ""  # "Line manager to line manager"
    stage_before: str = ""
    stage_next: str = ""  # "Stage 3 (Senior manager to senior manager)", "" after the last
    with_whom: str = ""
    speak: str = ""
    is_open: bool = True
    is_final: bool = False
    both: str = "both sides"  # "all the agencies", where it is with several
    awaited: str = ""  # of several, those whose word is still awaited
    alone: bool = False  # one agency only: the other side is not told
    limit: str = ""  # "5pm on Thursday 10 September 2026"
    limit_short: str = ""  # "Thu 10 Sep 17:00"
    by: str = "as soon as you can"  # "as soon as you can, by 5pm on … at the latest; less if the child needs it"
    because: str = ""
    working: tuple[tuple[str, str], ...] = ()
    caps: tuple[str, ...] = ()
    closed_before: str = ""  # "Saturday 12 and Sunday 13 September": closed days between now and the limit
    duties: tuple[str, ...] = ()  # what the procedure tells this reader to do at this stage
    contacts: tuple[str, ...] = ()  # how those who must speak reach each other
    away: tuple[str, ...] = ()  # agencies that say they are closed before the limit; it moves no limit
    ball: str = ""
    otherwise: str = ""
    missing: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    also: tuple[Button, ...] = ()
    recorded: tuple[Row, ...] = ()
    people: tuple[PersonRow, ...] = ()
    remains: str = ""
    remains_by: str = ""  # who said so and when, in what is filed
    took: tuple[str, ...] = ()  # how long each stage took, and what ended it
    outcome: str = ""
    told: Told = NOTHING
    why: str = ""
    stages: tuple[Row, ...] = ()  # the whole procedure, for the guide
    labels: tuple[str, ...] = ()
    out_of_scope: tuple[str, ...] = ()
    debrief: bool = False
    learning: str = ""
    form: str = ""  # the title of a form that goes with the letter
    form_rows: tuple[Row, ...] = ()
    form_file: str = ""  # the form as an attached document
    paper: FormTold = NO_FORM  # a form that came back
    note: str = ""  # what the form is sent for
    risk_who: str = ""
    tag: str = ""
    stage_word: str = ""
    by_office: ByOffice = NOTHING_BY_OFFICE
