"""What must be true of a record at every moment, whatever happened: thirty-nine invariants, each a function of a
snapshot that gives its breaches in words. ``mailbot verify`` runs them, and every campaign after each of its steps.

Some are about two moments (``between``): what was decided stays, and no limit gets shorter by itself. Some need what
servers and people saw, which only a campaign knows (``Snapshot.outside``); in production they say nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.limits import stage_limit
from mailbot.core.decisions.due import next_due
from mailbot.core.decisions.stages import stage_after
from mailbot.core.procedure.closed_lists import AtLimit
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events_of_mail import MovedByHand
from mailbot.core.record.ledger import CAUSES, verify
from mailbot.door.gatekeeping import Disposition
from mailbot.shell.store.decisions import BEFORE_ALL
from mailbot.shell.store.statements import FUTURE
from mailbot.shell.store.stored_values import FilingKind, HeldState, LetterState, MessageState
from mailbot.shell.store.tables import dispute_columns
from mailbot.shell.store.to_another_database import REBUILT, WRITTEN_AGAIN
from mailbot.turns.ledger_and_outbox import STALE_AT_CLOSE
from mailbot.turns.service import LEASE
from mailbot.watching.health import NEEDED, WITHIN
from mailbot.watching.invariants_of_letters import NOT_SENT_YET, OF_LETTERS, Breaches
from mailbot.watching.record_at_a_moment import Looking, SeenDispute, SeenLetter, Snapshot
from mailbot.watching.witness_in_mailbox import STANDS_STILL

_NEVER_ACTS = frozenset(
    {Disposition.AUTOMATIC, Disposition.OWN, Disposition.QUARANTINED, Disposition.OUT_OF_SCOPE, Disposition.HELD}
)


# Authority


def _i1(at: Looking) -> Breaches:
    for reference, looked in at.all.items():
        for entry in looked.moves():
            digest = entry.cause.what.split(" ")[0]
            if entry.cause.kind not in CAUSES or not entry.cause.what:
                yield f"{reference} entry {entry.sequence}: moved by no cause"
            elif entry.cause.kind == "message" and digest not in at.snap.messages:
                yield f"{reference} entry {entry.sequence}: moved by a message that nobody has"


def _i2(at: Looking) -> Breaches:
    for reference, looked in at.all.items():
        for entry in looked.moves():
            message = at.snap.messages.get(entry.cause.what.split(" ")[0])
            if entry.cause.kind == "message" and message is not None and not message.is_whole:
                yield f"{reference} entry {entry.sequence}: the evidence for it was changed"


def _i3(at: Looking) -> Breaches:
    for reference, looked in at.all.items():
        for entry in looked.moves():
            message = at.snap.messages.get(entry.cause.what.split(" ")[0])
            if entry.cause.kind == "message" and message is not None and message.disposition in _NEVER_ACTS:
                undone = any(later.kind == e.MisreadUndone.__name__ for later in looked.seen.entries)
                if not undone:
                    yield f"{reference} entry {entry.sequence}: moved by a message that is {message.disposition}"
    for digest, message in at.snap.messages.items():
        if message.disposition == Disposition.HELD and HeldState.WAITING not in at.snap.held.get(digest, ()):
            yield f"message {digest[:12]}: held, and before nobody"


def _i4(at: Looking) -> Breaches:
    for reference, looked in at.all.items():
        instants: dict[str, set[object]] = defaultdict(set)
        for entry in looked.moves():
            if entry.cause.kind == "message":
                instants[entry.cause.what].add(entry.at)
        undone = any(entry.kind == e.MisreadUndone.__name__ for entry in looked.seen.entries)
        for what, found in instants.items():
            if len(found) > 1 and not undone:
                yield f"{reference}: message {what[:12]} moved it {len(found)} times"


def _i5(at: Looking) -> Breaches:
    by_id: dict[str, set[str]] = defaultdict(set)
    for message in at.snap.messages.values():
        if message.message_id:
            by_id[message.message_id].add(message.digest)
    for message in at.snap.messages.values():
        others = len(by_id.get(message.message_id, ())) > 1
        if others and message.state == MessageState.DONE and not message.disposition:
            yield f"message {message.digest[:12]}: passed over for another of its number"


def _i6(at: Looking) -> Breaches:
    for reference, looked in at.all.items():
        now: Dispute | None = None
        for entry, event in looked.happened:
            if isinstance(event, e.StageEnded) and now is not None and now.visits and event.stage != now.stage:
                yield f"{reference} entry {entry.sequence}: ended stage {event.stage} while at {now.stage}"
            now = fold([event]) if now is None else now.after(event)


def _i7(at: Looking) -> Breaches:
    for reference, looked in at.all.items():
        for entry in looked.moves():
            message = at.snap.messages.get(entry.cause.what.split(" ")[0])
            if entry.cause.kind == "message" and message is not None and message.has_words is False:
                yield f"{reference} entry {entry.sequence}: moved by a message without a word of its own"


# Inbound


def _i8(at: Looking) -> Breaches:
    for digest, message in at.snap.messages.items():
        if (message.state == MessageState.DONE) != bool(message.disposition):
            yield f"message {digest[:12]}: {message.state}, and its disposition is {message.disposition!r}"
    if at.snap.outside is not None and at.snap.all_there:
        for digest in at.snap.outside.arrived - at.snap.messages.keys():
            yield f"message {digest[:12]}: arrived, and vanished"


def _i9(at: Looking) -> Breaches:
    for digest, message in at.snap.messages.items():
        if not message.is_whole:
            yield f"message {digest[:12]}: its bytes are not what arrived"


def _i10(at: Looking) -> Breaches:
    ours = {filing.message_id for filing in at.snap.filings if filing.kind == FilingKind.APPEND}
    for filing in at.snap.filings:
        moves = filing.kind == FilingKind.MOVE and at.snap.all_there and filing.digest not in at.snap.messages
        foreign = filing.kind == FilingKind.REPLACE and filing.message_id not in ours
        if moves or foreign:
            yield f"filing {filing.id}: {filing.kind} of what was never stored, or is not ours"
    if at.snap.outside is not None:
        for digest in at.snap.outside.arrived - at.snap.outside.lying:
            yield f"message {digest[:12]}: lies nowhere in the mailbox any more"


def _i11(at: Looking) -> Breaches:
    for reference, looked in at.all.items():
        for entry in looked.seen.entries:
            if entry.kind == MovedByHand.__name__ and entry.cause.kind == "limit":
                yield f"{reference} entry {entry.sequence}: a move by hand that nobody made"


# Time


def _i12(at: Looking) -> Breaches:
    for reference, dispute, partnership, seen in at.open:
        runs = stage_limit(dispute, partnership.protocol, partnership.calendar)
        if runs is not None and seen.limit is None:
            yield f"{reference}: open, and its limit does not run"
        wanted = next_due(Case(dispute, partnership, at.snap.now))
        if wanted is not None and seen.next_due is None:
            yield f"{reference}: open, and nobody looks at it again"


def _i13(at: Looking) -> Breaches:
    for reference, dispute, _, seen in at.known:
        if dispute.is_open:
            continue
        if seen.limit is not None:
            yield f"{reference}: closed, and a limit runs"
        for letter in at.letters[reference]:
            if (
                letter.state in NOT_SENT_YET
                and letter.letter in (*STALE_AT_CLOSE, "reminder")
                and _before_end(letter, seen)
            ):
                yield f"{reference}: closed, and the {letter.letter} of before is still to be sent"


def _before_end(letter: SeenLetter, seen: SeenDispute) -> bool:
    ends = [entry.at for entry in seen.entries if entry.kind == e.DisputeClosed.__name__]
    return bool(ends) and letter.created < ends[-1]


def _i14(at: Looking) -> Breaches:
    for reference, dispute, partnership, seen in at.open:
        runs = stage_limit(dispute, partnership.protocol, partnership.calendar)
        if runs is not None and seen.limit is not None and runs.holds != seen.limit:
            yield f"{reference}: its limit is {seen.limit.isoformat()}, and by its procedure {runs.holds.isoformat()}"


def _i15(at: Looking) -> Breaches:
    for reference, looked in at.all.items():
        for entry, event in looked.happened:
            if isinstance(event, e.CalendarMoved) and event.becomes < event.was:
                yield f"{reference} entry {entry.sequence}: the calendar made a limit shorter"


def _i16(at: Looking) -> Breaches:
    drained = at.snap.drained
    for reference, looked in at.all.items():
        for entry, event in looked.happened:
            if not isinstance(event, e.LimitPassed) or event.unread_since is not None:
                continue
            if entry.at < event.limit:
                yield f"{reference} entry {entry.sequence}: a limit was passed before it came"
            elif drained is not None and drained < event.limit and not _stands_still(at.snap):
                yield f"{reference} entry {entry.sequence}: a limit was passed with mail unread"


def _i17(at: Looking) -> Breaches:
    for reference, looked in at.all.items():
        had = [one for one in at.letters[reference] if one.finished is not None and one.state == LetterState.SENT]
        for entry, event in looked.happened:
            if not isinstance(event, e.LimitPassed) or event.then is not AtLimit.MOVE_UP or event.held:
                continue
            told = any(one.finished is not None and one.finished <= entry.at for one in had)
            written = [one for one in at.letters[reference] if one.created <= entry.at]
            known = not any(one.withdrawn == WRITTEN_AGAIN for one in written)  # of a rebuilt record nobody knows
            if written and known and not told and not event.untold:
                yield f"{reference} entry {entry.sequence}: moved on though nobody had had a letter"


def _i18(at: Looking) -> Breaches:
    for reference, looked in at.all.items():
        now: Dispute | None = None
        keys: Counter[str] = Counter()
        for entry, event in looked.happened:
            if isinstance(event, e.LimitPassed):
                keys[event.key] += 1
                if keys[event.key] > 1:
                    yield f"{reference} entry {entry.sequence}: the same limit passed twice"
            by_limit = isinstance(event, e.StageEntered) and event.how == "limit"
            if by_limit and now is not None and looked.partnership is not None:
                assert isinstance(event, e.StageEntered)
                following = stage_after(now, looked.partnership.protocol)
                if following is None or following.id != event.stage:
                    yield f"{reference} entry {entry.sequence}: silence moved it from {now.stage} to {event.stage}"
            now = fold([event]) if now is None else now.after(event)


def _i19(at: Looking) -> Breaches:
    ahead = at.snap.now + FUTURE
    for reference, looked in at.all.items():
        if looked.seen.entries and looked.seen.entries[-1].at > ahead:
            yield f"{reference}: something was decided in the future"
    for letter in at.snap.letters:
        late = letter.created > ahead or (letter.finished is not None and letter.finished > ahead)
        if late and letter.letter not in BEFORE_ALL:  # danger is answered by any clock
            yield f"letter {letter.id}: written or sent in the future"


def _i20(at: Looking) -> Breaches:
    for reference, looked in at.all.items():
        last = None
        for entry in looked.seen.entries:
            if last is not None and entry.at < last:
                yield f"{reference} entry {entry.sequence}: time went back"
            last = entry.at


# Record


def _i32(at: Looking) -> Breaches:
    for reference, dispute, _, seen in at.known:
        said = [entry.event for entry in seen.entries if entry.kind in ("DisputeOpened", "VersionMoved")]
        versions = [event.version for event in said if isinstance(event, e.DisputeOpened | e.VersionMoved)]
        if versions and dispute.version != versions[-1]:
            yield f"{reference}: follows {dispute.version}, and was never moved there"
        if seen.columns["version"] != dispute.version:
            yield f"{reference}: its row follows another version than its ledger"


def _i33(at: Looking) -> Breaches:
    if at.snap.lease is not None:
        epoch, until = at.snap.lease
        if epoch < 1 or until > at.snap.now + LEASE + FUTURE:
            yield f"the lease of epoch {epoch} lasts until {until.isoformat()}"


def _i34(at: Looking) -> Breaches:
    for looked in at.all.values():
        yield from verify(looked.seen.entries, looked.seen.head)
    decided = {(entry.cause.kind, entry.cause.what) for one in at.all.values() for entry in one.seen.entries}
    if at.snap.all_there and decided and at.snap.counters.get("decisions", 1) < 1:
        yield "the record has entries, and counts no decision"


def _i35(at: Looking) -> Breaches:
    for reference, looked in at.all.items():
        if looked.dispute is None:
            yield looked.fault
            continue
        for name, must in dispute_columns(looked.dispute).items():
            if looked.seen.columns[name] != must:
                yield f"{reference}: its {name} is {looked.seen.columns[name]!r}, and by its ledger {must!r}"


def _i36(at: Looking) -> Breaches:
    for what in (STANDS_STILL, REBUILT):
        since = at.snap.notes.get(what)
        for letter in at.snap.letters:
            late = since is not None and letter.finished is not None and letter.finished > since
            if late and letter.state == LetterState.SENT and letter.letter not in BEFORE_ALL:
                yield f"letter {letter.id}: was sent while the record stood still"


def _stands_still(snap: Snapshot) -> bool:
    return STANDS_STILL in snap.notes or REBUILT in snap.notes


def _i37(at: Looking) -> Breaches:
    for what, key in at.snap.gone:
        left = [one for one in at.snap.letters if what == "letter" and str(one.id) == key and one.bytes_hash]
        left += [one for one in at.snap.filings if what == "filing" and str(one.id) == key and one.bytes_hash]  # type: ignore[misc]
        message = at.snap.messages.get(key) if what == "message" else None
        if left or (message is not None and not message.is_whole):
            yield f"{what} {key[:12]}: was let go of, and is still there"
    for reference in at.snap.purged & at.all.keys():
        yield f"{reference}: was purged, and is still there"
    for letter in at.snap.letters:
        if letter.reference in at.snap.purged:
            yield f"{letter.reference}: was purged, and letter {letter.id} is still there"


def _i38(at: Looking) -> Breaches:
    if not at.snap.says_well:
        return
    for turn in NEEDED:
        last = at.snap.notes.get(turn)
        if last is None or not at.snap.now - WITHIN <= last <= at.snap.now + FUTURE:
            yield f"all is said to be well, and {NEEDED[turn]}"


INVARIANTS: Mapping[str, tuple[str, Callable[[Looking], Breaches]]] = {
    "I1": ("no stage moves without exactly one cause in the ledger", _i1),
    "I2": ("the evidence of every authorised reply can be looked at again", _i2),
    "I3": ("unauthorised or unclear mail moves nothing, and is before a person", _i3),
    "I4": ("one message moves a dispute once", _i4),
    "I5": ("the same Message-ID over other bytes is another message", _i5),
    "I6": ("what is bound to one stage acts on no other", _i6),
    "I7": ("nothing but a writer's own words moves anything", _i7),
    "I8": ("every message has exactly one disposition, and none vanishes", _i8),
    "I9": ("bytes are durable, and as they came", _i9),
    "I10": ("nobody's mail is deleted, and only what is stored is moved", _i10),
    "I11": ("moving mail by hand undoes no decision", _i11),
    "I12": ("every open stage has its running limit", _i12),
    "I13": ("a closed dispute has no limit and no reminder", _i13),
    "I14": ("every limit is what the procedure makes it", _i14),
    "I15": ("no limit is made shorter by the calendar", _i15),
    "I16": ("no limit is passed before the mailbox was read to its end after it", _i16),
    "I17": ("nothing moves on over people of whom nobody had a letter, or the ledger says so", _i17),
    "I18": ("each limit passes once, and silence moves to the next stage", _i18),
    "I19": ("nothing was done in the future", _i19),
    "I20": ("the ledger's time never goes back", _i20),
    **OF_LETTERS,
    "I32": ("a dispute follows the version it was opened under, unless it was moved", _i32),
    "I33": ("the lease is held as long as a lease can be", _i33),
    "I34": ("the chain holds from its first entry to its end", _i34),
    "I35": ("replaying the ledger gives the present state", _i35),
    "I36": ("while it stands still, nothing is sent but danger and word to the office", _i36),
    "I37": ("what was let go of is nowhere any more", _i37),
    "I38": ("well is said only when everything has just succeeded", _i38),
}


def breaches(snap: Snapshot) -> list[str]:
    """Every breach of an invariant in a snapshot, with its number: "I12 NS-26-0001: …". Empty where all hold."""
    at = Looking(snap)
    return [f"{name} {said}" for name, (_, look) in INVARIANTS.items() for said in look(at)]


def breaches_in(portions: Iterable[Snapshot]) -> list[str]:
    """The same of a record that is read in portions: each breach once, by the invariants' numbers."""
    found = dict.fromkeys(said for portion in portions for said in breaches(portion))
    return sorted(found, key=lambda said: int(said.split(" ", 1)[0][1:]))


def breaches_between(before: Snapshot, after: Snapshot) -> list[str]:
    """Breaches of the invariants that are about two moments of one record: what was decided stays decided."""
    found = []
    for reference, seen in before.disputes.items():
        if (now := after.disputes.get(reference)) is None:
            if after.all_there and reference not in after.purged:
                found.append(f"I11 {reference}: is not there any more")
            continue
        hashes = [entry.hash for entry in seen.entries]
        if [entry.hash for entry in now.entries[: len(hashes)]] != hashes:
            found.append(f"I34 {reference}: its ledger is not the continuation of what it was")
        unmoved = len(now.entries) == len(seen.entries) and before.site is after.site
        if unmoved and seen.limit is not None and now.limit is not None and now.limit != seen.limit:
            found.append(f"I15 {reference}: its limit changed, and nothing happened")
    for letter in before.letters:
        later = next((one for one in after.letters if one.id == letter.id), None)
        if later is not None and letter.state == LetterState.SENT and later.state != LetterState.SENT:
            found.append(f"I22 letter {letter.id}: had been sent, and is {later.state}")
    if before.lease is not None and after.lease is not None and after.lease[0] < before.lease[0]:
        found.append("I33 the epoch of the lease went back")
    return found
