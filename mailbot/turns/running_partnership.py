"""One partnership as it is run here: its versions, its door, its mailbox's name. A deployment has one or several."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import timedelta

from mailbot.core.partnership.partnership import Partnership
from mailbot.core.partnership.roster import RosterChange
from mailbot.core.procedure.worked_out_once import worked_out_once
from mailbot.core.record.dispute import Dispute
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.documents.own_forms import NO_FORMS, OwnForms

ChangeList = Callable[[Sequence[RosterChange]], str]


def _no_list(changes: Sequence[RosterChange]) -> str:
    return "there is no list here that could be changed"


@dataclass(frozen=True, slots=True)
class Site:
    """``versions`` holds every protocol version by its id and date, ``current`` the one new disputes open under.

    ``secret`` keys our Message-IDs, so that an answer to one shows that its letter was received. ``patience`` is how
    long a limit waits for a mailbox that cannot be read, before the procedure goes on and says so (F31). ``own_forms``
    are the partnership's own Word documents for its forms. ``change_list`` writes into the directory's file what the
    office has allowed, and says why where it cannot.
    """

    id: str
    versions: Mapping[tuple[str, str], Partnership]
    current: Partnership
    door: Door
    secret: bytes
    patience: timedelta = timedelta(hours=4)
    inbox: str = "INBOX"
    own_forms: OwnForms = field(default_factory=lambda: NO_FORMS)
    change_list: ChangeList = _no_list

    def version(self, dispute: Dispute) -> Partnership:
        """Of a running partnership, the version this dispute was opened under, which it keeps. Raises KeyError when its
        file is gone."""
        return self.versions[(dispute.protocol, dispute.version)]

    def knowing(self, listed: frozenset[str]) -> "Site":
        """The same running partnership, in which whoever was ``listed`` and is no more counts as struck out of the
        directory."""
        if listed <= {officer.person.address for officer in self.current.directory.officers}:
            return self
        versions = {key: _knowing(one, listed) for key, one in self.versions.items()}
        return replace(self, versions=versions, current=_knowing(self.current, listed))

    @property
    def name(self) -> str:
        """Who our letters are from, in words."""
        protocol = self.current.protocol
        return f"{protocol.short} {protocol.name}".split("(")[0].strip()

    @property
    def address(self) -> str:
        return self.current.protocol.mailbox


def _knowing(partnership: Partnership, listed: frozenset[str]) -> Partnership:
    present = {officer.person.address for officer in partnership.directory.officers}
    return replace(partnership, directory=replace(partnership.directory, struck_out=listed - present))


# Whether the rules that limits follow have changed since they were last looked at: the calendars and the procedures.
#
# A start, and each morning, would else replay every dispute that has a limit ahead, to find as a rule that nothing has
# changed: ten seconds at ten thousand.


def rules_digest(versions: Iterable[Partnership]) -> str:
    """A digest of a running partnership's rules: the same for the same closed days, working hours, stages and lengths
    of every version, in every process."""
    said = sorted(f"({_in_words(one.protocol)}, {_in_words(one.calendar)})" for one in versions)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


@worked_out_once(50)
def _in_words(rules: object) -> str:
    return repr(_plain(rules))


def _plain(value: object) -> object:
    """A running partnership's rules made plain: ``value`` in an order that does not hang on how this process hashes
    words."""
    if is_dataclass(value):
        return [(part.name, _plain(getattr(value, part.name))) for part in fields(value) if part.compare]
    if isinstance(value, Mapping):
        return sorted((repr(_plain(key)), repr(_plain(each))) for key, each in value.items())
    if isinstance(value, Set):
        return sorted(repr(_plain(each)) for each in value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return repr(value)
