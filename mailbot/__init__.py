"""mailbot: the shared mailbox of a safeguarding partnership, run by its published procedure.

The flow, on one page::

    bytes      mail.incoming.message.parse             -> Message | Unreadable
    message    door.gatekeeping.stop                   -> why it goes no further, or nothing
    message    mail.incoming.threading.which           -> the dispute it belongs to | a conflict that is asked about
    own words  mail.understanding.interpret.interpret  -> Intent(s), with how sure | a question
    intent     core.decisions.decide.decide            -> events     } in one transaction with
    time       core.decisions.due.due                  -> events     } all that follows from them
    event      core.record.dispute.Dispute.after       -> the dispute as it is now
    event      core.notices.announcements.announce     -> who must be told, by which letter
    notice     mail.letters.{letter, render, compose}  -> final bytes
               turns.ledger_and_outbox.Scribe.write    ledger, outbox, filings, next look: one transaction
    outbox     turns.sending_and_filing.Postroom       -> sent and filed, at least once, byte for byte the same

Mail and time meet in events, so there is one road into the store. ``now`` is read once a turn, at the outermost edge.

Rings: ``core`` (the rules: pure, standard library only) <- ``mail`` (bytes and text to values, and back) <- ``shell``
(the world: IMAP, SMTP, files, the database) <- the rest (``door``, ``turns``, ``commands``, ``demo``). One subject is
one module, and has the same noun in every ring in which it has a side. Each room says in its ``__init__`` what it
holds.

Where to begin reading: ``core/procedure/protocol.py`` (what a procedure is), ``core/record/events.py`` (what can
happen), ``core/decisions/decide.py`` and ``core/decisions/due.py`` (what makes it happen), ``door/consider.py`` (one
message, start to end), ``turns/bot.py`` (the four turns). ``config/protocols/north-somerset.toml`` beside the
published text shows the point of it.
"""

import logging

# A library that reads reports of delivery logs the whole of what breaks it, with the words of whoever wrote it.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)
