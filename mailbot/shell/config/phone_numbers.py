"""Telephone numbers for immediate risk: whether what is written can be dialled, whether it was made up, and whether
somebody answers on a closed day.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from mailbot.core.partnership.directory import domain_of
from mailbot.core.procedure.protocol import Phone

# Numbers that Ofcom keeps free for films and examples ("Telephone numbers for drama use", ofcom.org.uk, read on
# 2026-09-01): nobody is ever given one. Digits only, without the country's code.
INVENTED = re.compile(
    r"(?:01632960|01134960|01144960|01154960|01164960|01174960|01184960|01214960|01314960|01414960|01514960"
    r"|01614960|02079460|01914980|02896496|02920180|07700900|08081570|09098790|03069990)\d{3}"
)
_SHORT = re.compile(r"999|111|101|112")  # emergency, NHS and police numbers
_DIALLED = re.compile(r"0\d{9,10}|18\d{3}|116\d{3}")
_CLOSED_DAYS = re.compile(
    r"\b(?:week-?ends?|saturdays?|sundays?|bank holidays?|out[- ]of[- ](?:office )?hours|nights?|evenings?"
    r"|24[/ -]?(?:7|hours?)|any ?time|all hours|all times|always|every day|daily|7 days|seven days)\b",
    re.IGNORECASE,
)


def dialled(number: str) -> str:
    """The digits of a UK telephone number as written: "+44 (0)1632 960100" is "01632960100"; "" where it is none."""
    bare = re.sub(r"\(0\)|[\s().-]", "", number)
    bare = re.sub(r"^(?:\+|00)44", "0", bare)
    return bare if _SHORT.fullmatch(bare) or _DIALLED.fullmatch(bare) else ""


def is_invented_number(number: str) -> bool:
    """Is this a telephone number for films and examples, that nobody answers?"""
    return bool(INVENTED.fullmatch(dialled(number)))


def answers_on_closed_days(phone: Phone) -> bool:
    """Whether a telephone number is said to be answered at night, at weekends or on bank holidays."""
    return bool(_CLOSED_DAYS.search(phone.hours)) or dialled(phone.number) == "999"


def phone_faults(phones: Sequence[Phone], mailbox: str, today: date) -> Iterator[tuple[str, str]]:
    """What is wrong with the telephone numbers of a partnership: (key, words). A made-up number is no fault in an
    example, whose mailbox is at a domain for examples."""
    domain = domain_of(mailbox)
    real = bool(domain) and not domain.endswith(".example")
    yield from (("phones", said) for said in _each(phones, real))
    for phone in phones:
        if phone.checked_on is not None and phone.checked_on > today:
            yield "phones", f"{phone.name} cannot have been rung on {phone.checked_on}: that day has not come yet"
    if phones and not any(answers_on_closed_days(phone) for phone in phones):
        yield (
            "phones",
            "no number is said to be answered on nights, weekends and bank holidays: add the one that is, with "
            'hours = "nights, weekends, bank holidays" (hours = "at all hours", where one is always answered)',
        )


def _each(phones: Iterable[Phone], real: bool) -> Iterator[str]:
    for phone in phones:
        if not dialled(phone.number):
            yield (
                f'"{phone.number}" ({phone.name}) is no telephone number that can be dialled: write all its digits '
                "with the area code"
            )
        elif real and is_invented_number(phone.number):
            yield (
                f"{phone.number} ({phone.name}) is a number for films and examples, which nobody answers: put in the "
                "number that the partnership publishes, and ring it first"
            )
