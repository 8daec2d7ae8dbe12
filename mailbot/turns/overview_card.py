"""The overview: one card for each open dispute, lying in the folder "Disputes" itself, true as of now.

A card is made anew when what it shows has changed, and only then: when its dispute has, or its day. Nothing is decided
from cards, and nothing that people do with them is ever read; one that was deleted or moved is put up again.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from mailbot.core.clocks.case import Case
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.intents import Person
from mailbot.mail.letters.overview_card import card, true_until
from mailbot.mail.letters.render import Letters, Rendered
from mailbot.mail.veil.known_names import veil_of
from mailbot.shell.errors import MailbotError
from mailbot.shell.servers.mailbox_interface import DISPUTES, Folder, Mailbox, Top
from mailbot.shell.store.cards_and_moved_mail import CardRow
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import Filing, FilingKind
from mailbot.turns.faults_of_ours import note_fault
from mailbot.turns.ledger_and_outbox import Sealed, bytes_of
from mailbot.turns.running_partnership import Site

CARD = "card"  # its templates
MADE_AT_ONCE = 20  # cards, in one transaction
OVERVIEW: Folder = (DISPUTES,)
MANY, MANY_EVERY = 2000, timedelta(hours=1)  # so many cards are counted once an hour, and not at each that is put up


class Cards:
    def __init__(
        self,
        site: Site,
        store: Store,
        mailbox: Mailbox,
        letters: Letters,
        deciding: Callable[[], AbstractContextManager[Work]],
    ) -> None:
        self._site, self._store, self._mailbox, self._letters = site, store, mailbox, letters
        self._deciding = deciding
        self._tidied: Top | None = None
        self._tidied_at: datetime | None = None

    def refresh(self, now: datetime) -> None:
        """Makes the overview cards: what is missing or untrue; putting it up is the postroom's. Raises ``Unreachable``,
        all cards made."""
        wanting = self._store.cards_wanting(self._site.id, now)
        for begin in range(0, len(wanting), MADE_AT_ONCE):
            self._renew(wanting[begin : begin + MADE_AT_ONCE], now)
        self._tidy(now)

    def _renew(self, references: Sequence[str], now: datetime, anew: bool = False) -> None:
        """An overview card is a picture: where one cannot be made, by a partnership's own template or by our fault,
        that is noted for ``status``, and no letter waits for it, nor any other card."""
        try:
            with self._deciding() as work:
                work.take_disputes(self._site.id, references)
                newest = work.newest_cards(self._site.id, references)
                for reference in references:
                    dispute = work.dispute(self._site.id, reference)
                    if dispute is not None:
                        self._make(work, dispute, newest.get(reference), now, anew)
        except MailbotError:
            raise
        except Exception as error:
            for reference in references if len(references) > 1 else ():
                self._renew([reference], now, anew)
            if len(references) == 1:
                note_fault(self._store, self._site.id, f"making the card of {references[0]}", error, now)

    def _make(self, work: Work, dispute: Dispute, newest: CardRow | None, now: datetime, anew: bool) -> None:
        sequence = work.sequence_of(self._site.id, dispute.reference)
        rendered, flagged, until = self._shown(dispute, now) if dispute.is_open else (None, False, now)
        digest = _digest(rendered, flagged)
        if newest is None and rendered is None:
            work.card_is_true(self._site.id, dispute.reference, None)
            return
        if newest is not None and newest.digest == digest and not anew:
            work.card_holds(newest, sequence, until)
            return
        number = newest.number + 1 if newest else 1
        message_id, raw = self._sealed(rendered, dispute, digest, number, now)
        work.put_card(CardRow(self._site.id, dispute.reference, number, message_id, digest, sequence, until))
        work.put_filing(
            Filing(
                self._site.id,
                FilingKind.CARD,
                OVERVIEW,
                now,
                raw=raw,
                message_id=message_id,
                seen=True,
                flagged=flagged,
                reference=dispute.reference,
            )
        )
        work.know_later(self._site.id, message_id, dispute.reference, ours=True, recipient=self._site.address)

    def _shown(self, dispute: Dispute, now: datetime) -> tuple[Rendered, bool, datetime]:
        """What the overview card shows, whether it is flagged, and until when it is true by itself."""
        case = Case(dispute, self._site.version(dispute), now)
        value = card(case)
        return self._letters.render(CARD, value), value.due, true_until(case.stage_limit, case.calendar, now)

    def _sealed(
        self, rendered: Rendered | None, dispute: Dispute, digest: str, number: int, now: datetime
    ) -> tuple[str, bytes]:
        """An overview card's Message-ID and bytes; no bytes where the dispute is to have no card. The id has the digest
        of what is shown in it, and a number, so that a card that shows again what an older one did is another
        message."""
        ours = Person(self._site.address, self._site.name)
        shown = rendered or Rendered("closed", "", "")
        key = f"{dispute.reference} card {digest[:12]}"
        sealed = Sealed(CARD, ours, shown, key, number, veil=veil_of(dispute))
        message_id, raw = bytes_of(self._site, sealed, now)
        return message_id, raw if rendered else b""

    def _tidy(self, now: datetime) -> None:
        """Overview cards tidied where the overview has changed since it was last looked through: cards that somebody
        took away are put up again, and older ones that a process which died has left behind are taken down."""
        top = self._mailbox.tops([OVERVIEW]).get(OVERVIEW)
        many = top is not None and top.count > MANY
        if top == self._tidied or (many and self._tidied_at is not None and now - self._tidied_at < MANY_EVERY):
            return
        self._tidied_at = now
        if (top.count if top else 0) == self._store.cards_lying(self._site.id):
            self._tidied = top  # as many as there must be: nobody has taken one away, and none was left behind
            return
        lying = {message_id for _, message_id in self._mailbox.messages(OVERVIEW)}
        for reference, (*older, newest) in self._store.cards(self._site.id).items():
            if newest.message_id in lying or not newest.digest:
                for old in older:
                    self._mailbox.remove(OVERVIEW, old.message_id)
                    self._store.card_gone(old)
            elif newest.filed:
                self._renew([reference], now, anew=True)
        self._tidied = top


def _digest(rendered: Rendered | None, flagged: bool) -> str:
    if rendered is None:
        return ""
    shown = "\0".join((str(flagged), rendered.subject, rendered.text, rendered.html))
    return hashlib.sha256(shown.encode()).hexdigest()
