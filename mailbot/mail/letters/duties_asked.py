"""What the procedure tells a letter's reader to do at the present stage, and by when an act of theirs is due."""

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.who_may.authority import asked_to_decide, deciders
from mailbot.core.notices.offered import Reader
from mailbot.core.procedure.closed_lists import AtLimit
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record.dispute import State
from mailbot.mail.letters.wording import instant_near, plain_words


def duties(case: Case, reader: Reader) -> tuple[str, ...]:
    """The duties of this reader's turn: the file's own sentences for them at the present stage, by when an act of
    theirs is due that has a time of its own, and who may support those who decide."""
    dispute, protocol = case.dispute, case.protocol
    if not dispute.is_open:
        return ()
    stage = protocol.stages[dispute.stage]
    mine = _roles_of(case, reader)
    said = [*(duty.say for duty in stage.duties if mine & set(duty.of)), *acts_due(case, reader)]
    if reader.office and reader.office in (*deciders(dispute, protocol), stage.sent_through):
        ready = [name for name in stage.decided_by if name not in (*asked_to_decide(dispute, protocol), reader.office)]
        said += [_may_support(protocol, name) for name in (*stage.may_support, *ready) if name != reader.office]
    return tuple(dict.fromkeys(said))


def _roles_of(case: Case, reader: Reader) -> set[str]:
    held = {p.role for p in case.dispute.parties if p.person.address == reader.person.address}
    return held | {reader.office} - {""}


def acts_due(case: Case, reader: Reader) -> list[str]:
    """By when it is whose turn to do an act beside the stage ("in writing within 24 hours", WO stage 3), where that is
    another day than the stage's own, and how it comes on the record."""
    if not case.dispute.is_open:
        return []
    held, clocks, mine = case.stage_limit, case.protocol.clocks, _roles_of(case, reader)
    waits = case.dispute.state is State.OPEN
    found = (li for li in case.limits if waits and li.done is None and li.clock in clocks and mine & set(li.who))
    return [
        f"{plain_words(li.label, 120)}: by {instant_near(case.calendar.local(li.holds))} at the latest. "
        "Copy this mailbox in, or reply NOTE with when and how, and it is on the record."
        for li in found
        if li.holds > case.now and li.at_limit is AtLimit.REMIND and (held is None or li.holds != held.holds)
    ]


def _may_support(protocol: Protocol, name: str) -> str:
    role = protocol.roles[name]
    where = f" ({role.address})" if role.address else ""
    return f"The {role.title}{where} may support the discussion, where you ask for it."
