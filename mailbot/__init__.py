"""mailbot: the shared mailbox of a safeguarding partnership, run by its published procedure.

The flow, on one page::

    bytes      mail.message.parse            -> Message | Unreadable
    message    gatekeeping.stop              -> why it goes no further, or nothing
    message    mail.thread.which             -> the dispute it belongs to | a conflict that is asked about
    own words  mail.interpret.interpret      -> Intent(s), with how sure | a question
    intent     core.decide.decide            -> events          } both in one transaction with
    time       core.due.due                  -> events          } everything that follows from them
    event      core.dispute.Dispute.after    -> the dispute as it is now
    event      core.notices.announce         -> who must be told, by which letter
    notice     mail.letter.view, mail.render, mail.compose -> final bytes
               scribe.Scribe.write           ledger, outbox, filings, next look: one transaction
    outbox     postroom.Postroom             -> sent and filed, at least once, byte for byte the same

Mail and time meet in events, so there is one road into the store. ``now`` is read once a turn, at the outermost edge.

Rings: ``core`` (the rules: pure, standard library only) <- ``mail`` (translation: bytes and text to values and back)
<- ``shell`` (the world: IMAP, SMTP, files, the database) <- the files here (the turns and the command line).

Where to begin reading: ``core/protocol.py`` (what a procedure is), ``core/events.py`` (what can happen),
``core/decide.py`` and ``core/due.py`` (what makes it happen), ``consider.py`` (one message, start to end),
``bot.py`` (the four turns). ``config/protocols/north-somerset.toml`` beside the published text shows the point of it.
"""
