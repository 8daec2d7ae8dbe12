"""The invariants of letters and of what is filed: whom they go to, what they are called, that none waits in silence."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from mailbot.core.record import events as e
from mailbot.core.record.events_of_mail import OutsiderNoticed
from mailbot.door.gatekeeping import Disposition
from mailbot.mail.veil.known_names import naming_words
from mailbot.shell.servers.mailbox_interface import DISPUTES
from mailbot.shell.store.decisions import OF_DANGER
from mailbot.shell.store.stored_values import FilingKind, FilingState, LetterState
from mailbot.shell.store.to_another_database import REBUILT
from mailbot.turns.ledger_and_outbox import STALE_AT_END
from mailbot.watching.record_at_a_moment import Looking
from mailbot.watching.witness_in_mailbox import STANDS_STILL

Breaches = Iterator[str]
WAITS_AT_MOST = timedelta(hours=24)  # for a letter about which nobody was told
NOT_SENT_YET = frozenset({LetterState.NEW, LetterState.DEFERRED})
_WAITING = frozenset({*NOT_SENT_YET, LetterState.SENDING, LetterState.UNCERTAIN})
_MOST_ANSWERS_IN_AN_HOUR = 60  # letters of all kinds about mail, to one address: whatever asks so fast is a machine


def _i21(at: Looking) -> Breaches:
    for reference, looked in at.all.items():
        ends = [entry.at for entry in looked.seen.entries if entry.kind == e.StageEnded.__name__]
        for letter in at.letters[reference]:
            stale = letter.letter in STALE_AT_END and letter.state in NOT_SENT_YET and not letter.withdrawn
            if stale and any(end > letter.created for end in ends):
                yield f"{reference}: the {letter.letter} of a stage that has ended is still to be sent"


def _i39(at: Looking) -> Breaches:
    for reference, dispute, _, _ in at.known:
        since = max((past.at for past in dispute.history if isinstance(past, e.MisreadUndone)), default=dispute.opened)
        for letter in (
            one for one in at.letters[reference] if one.letter not in OF_DANGER and one.state in NOT_SENT_YET
        ):
            if letter.recipient in dispute.named_in_error and letter.created < since:
                yield f"{reference}: the {letter.letter} to somebody who was named in error is still to be sent"


def _i22(at: Looking) -> Breaches:
    for letter in at.snap.letters:
        if letter.own_id and letter.own_id != letter.message_id:
            yield f"letter {letter.id}: carries another Message-ID than it was given"
        if letter.bytes_hash and not letter.date:
            yield f"letter {letter.id}: has no date of its own"
    if at.snap.outside is not None:
        bodies: dict[tuple[str, str], set[str]] = defaultdict(set)
        for recipient, own_id, hashed in at.snap.outside.accepted:
            bodies[recipient, own_id].add(hashed)
        for (recipient, own_id), hashes in bodies.items():
            if len(hashes) > 1:
                yield f"{recipient} has {len(hashes)} different letters called {own_id}"


def _i23(at: Looking) -> Breaches:
    by_id: dict[str, set[str]] = defaultdict(set)
    for letter in at.snap.letters:
        by_id[letter.message_id].add(f"letter {letter.id}")
    for filing in at.snap.filings:
        if filing.kind in (FilingKind.APPEND, FilingKind.CARD) and filing.bytes_hash:
            by_id[filing.message_id].add(filing.bytes_hash)
    for own_id, different in by_id.items():
        if len(different) > 1:
            yield f"{own_id}: {len(different)} different things are called so"


def _i24(at: Looking) -> Breaches:
    for letter in at.snap.letters:
        if letter.to and letter.to[-1:] != (letter.recipient,):
            yield f"letter {letter.id}: written to another than it goes to"
        if not letter.recipient or "," in letter.recipient or letter.recipient.count("@") != 1:
            yield f"letter {letter.id}: goes to {letter.recipient!r}, which is not one address"


def _i25(at: Looking) -> Breaches:
    here = at.snap.site.current
    domains = here.directory.approved_domains
    for letter in at.snap.letters:
        if letter.recipient in here.addresses or letter.recipient.rpartition("@")[2] in domains:
            continue
        yield f"letter {letter.id}: goes outside the approved domains"


def _i26(at: Looking) -> Breaches:
    for reference, dispute, partnership, _ in at.known:
        known = {party.person.address for party in dispute.parties} | partnership.addresses
        outsiders = {
            address.lower()
            for event in dispute.history
            if isinstance(event, OutsiderNoticed)
            for address in event.addresses
        }
        for letter in at.letters[reference]:
            if letter.recipient in outsiders - known and not partnership.may_write_to(letter.recipient):
                yield f"{reference}: an outsider on the thread was written to"
    if at.snap.outside is not None:
        for recipient, _, _ in at.snap.outside.accepted:
            if recipient in at.snap.outside.outsiders:
                yield f"somebody outside had a letter: {recipient}"


def _i27(at: Looking) -> Breaches:
    for reference, dispute, _, _ in at.known:
        kept = {word.casefold() for party in dispute.parties for word in party.person.name.split()}
        names = [word for word in naming_words(dispute.child, *dispute.redacted) if word.casefold() not in kept]
        names = [word for word in names if len(word) > 3]
        for letter in at.letters[reference]:
            if any(word.casefold() in letter.subject.casefold().split() for word in names):
                yield f"{reference}: the subject of letter {letter.id} names a child"


def _i28(at: Looking) -> Breaches:
    never = {Disposition.AUTOMATIC, Disposition.OWN}
    silent = {digest[:32] for digest, one in at.snap.messages.items() if one.disposition in never}
    office = {person.address for person in at.snap.site.current.alarmed()}
    for letter in at.snap.letters:
        about = letter.key.partition(":")[0].rpartition("|")[2]
        if about in silent and letter.recipient not in office and letter.letter not in OF_DANGER:
            yield f"letter {letter.id}: answers automatic mail"
    hours: Counter[tuple[str, str]] = Counter()
    for letter in at.snap.letters:
        if not letter.reference:
            hours[letter.recipient, f"{letter.created:%Y%m%d%H}"] += 1
    for (recipient, hour), count in hours.items():
        if count > _MOST_ANSWERS_IN_AN_HOUR:
            yield f"{recipient} was written to {count} times in the hour {hour}"


def _i29(at: Looking) -> Breaches:
    for server in at.snap.in_clear:
        yield f"mail goes in clear to {server}"


def _i30(at: Looking) -> Breaches:
    told = any(what.startswith(("trouble: ", STANDS_STILL, REBUILT, "letters do not leave")) for what in at.snap.notes)
    for letter in at.snap.letters:
        if letter.state not in _WAITING:
            continue
        if letter.next_try is None:
            yield f"letter {letter.id}: waits, and nobody will try it"
        elif at.snap.now - letter.created > WAITS_AT_MOST and not told and at.snap.says_well:
            yield f"letter {letter.id}: has waited since {letter.created.isoformat()}, and nobody was told"


def _i31(at: Looking) -> Breaches:
    summaries: Counter[tuple[str, str]] = Counter()
    for filing in at.snap.filings:
        if filing.kind == FilingKind.APPEND and filing.state != FilingState.FAILED and filing.folder[:1] == (DISPUTES,):
            summaries[filing.folder[-1], filing.message_id] += 1
    for (reference, own_id), count in summaries.items():
        if count > 1:
            yield f"{reference}: {own_id} is to be filed {count} times"
    for reference, dispute, _, _ in at.known:
        ends = [x for x in dispute.history if isinstance(x, e.StageEnded) and x.how != "closed"]
        wanted = len(ends) + sum(isinstance(x, e.DisputeClosed) for x in dispute.history)
        there = sum(1 for (where, _), _ in summaries.items() if where == reference)
        if there < wanted:
            yield f"{reference}: {wanted} summaries were due, and {there} were written"
    for folder, ids in at.snap.outside.lies.items() if at.snap.outside else ():
        for own_id, count in Counter(ids).items():
            if count > 1 and folder[:1] == (DISPUTES,) and (folder[-1], own_id) in summaries:
                yield f"{folder[-1]}: {own_id} lies there {count} times"


OF_LETTERS: Mapping[str, tuple[str, Callable[[Looking], Breaches]]] = {
    "I21": ("nothing of a stage that has ended is still to be sent", _i21),
    "I22": ("one letter is one Message-ID, one date and one string of bytes", _i22),
    "I23": ("different things never share a Message-ID", _i23),
    "I24": ("every letter goes to the one address that it was written to", _i24),
    "I25": ("no letter goes outside the approved domains", _i25),
    "I26": ("outsiders on a thread receive nothing", _i26),
    "I27": ("no subject names a child", _i27),
    "I28": ("automatic mail is never answered, and nobody is flooded", _i28),
    "I29": ("no mail leaves without TLS", _i29),
    "I30": ("no letter waits in silence", _i30),
    "I31": ("each summary is filed exactly once", _i31),
    "I39": ("nobody whose naming was taken back has a letter waiting of before", _i39),
}
