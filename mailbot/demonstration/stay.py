"""``mailbot demo --stay``: the servers stay up and the bot awake, for whoever wants to be one of the people.

The story's clock goes on at the pace of a real one, from where the story ended; Enter takes it to whatever is due next.
"""

import select
import sys
import threading
from datetime import datetime, timedelta

from rich.console import Console

from mailbot.demonstration.people import MAILBOX, PASSWORD
from mailbot.demonstration.play import Play
from mailbot.demonstration.story import OTTILIE, TABITHA
from mailbot.demonstration.telling import Teller
from mailbot.shell.clock import elapsed

BEAT = 1.0  # seconds between two looks at the mailbox
A_DAY = timedelta(days=1)
LETTER = f"""\
From: Tabitha Merriwell <{TABITHA}>
To: Ottilie Farrow <{OTTILIE}>
Cc: {MAILBOX}
Subject: [ESCALATION] Stage 1 - R.D.
Message-ID: <letter.to.try@kewbridge.sch.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear Ottilie,

Child: R.D.
Agencies: Kewbridge Primary School / Children's Social Care
Line manager: Gideon Larkrise, g.larkrise@kewbridge.sch.example
Your line manager: Desmond Quayle, desmond.quayle@somerbourne-council.example
Issue: Our referral was closed without anybody speaking to us.
Impact on child: R has been in school for two days of the last ten.
Outcome sought: Somebody visits the family this week.

Tabitha Merriwell
"""


def how_to_play(play: Play) -> str:
    """How an ordinary mail program is set up to be one of the people, and how to try it without one."""
    servers, letter = play.servers, play.folder / "letter.eml"
    return f"""\
To be one of them, set up a mail program (Thunderbird, Outlook, Apple Mail):
  you are    {TABITHA} (a teacher),
             {OTTILIE} (a social worker),
             or anybody in {play.configuration.parent / "directory.csv"}
  user name  the whole address      password  {PASSWORD}
  incoming   IMAP, {servers.host}, port {servers.imap_port}, no encryption, normal password
  outgoing   SMTP, {servers.host}, port {servers.smtp_port}, no encryption, normal password
Write to the other agency with [ESCALATION] in the subject, and copy in
  {MAILBOX}

Or without a mail program, a letter that lies ready:
  curl --url smtp://{servers.host}:{servers.smtp_port} --upload-file {letter} \\
    --user {TABITHA}:{PASSWORD} \\
    --mail-from {TABITHA} \\
    --mail-rcpt {OTTILIE} \\
    --mail-rcpt {MAILBOX}"""


def stay_up(play: Play, teller: Teller, console: Console) -> None:
    """Until q, the end of a terminal, or Ctrl-C."""
    (play.folder / "letter.eml").write_bytes(LETTER.replace("\n", "\r\n").encode())
    console.print(f"\n{how_to_play(play)}\n", soft_wrap=True)
    console.print("The bot is awake. Enter: on to whatever is due next. q or Ctrl-C: the end.", style="bold")
    began, ahead = play.now - timedelta(seconds=elapsed()), timedelta()
    try:
        while (asked := _asked(BEAT)) != "q":
            now = began + ahead + timedelta(seconds=elapsed())
            if asked == "":
                due = play.store.next_due(play.site.id) or now + A_DAY
                ahead, now = ahead + max(due - now, timedelta()), max(due, now)
            beat(play, teller, now)
    except KeyboardInterrupt:
        console.print()


def beat(play: Play, teller: Teller, goal: datetime) -> None:
    """Time passes to ``goal``; what came by mail or by time is told."""
    for now in play.turns(max(goal, play.now)):
        if not teller.is_silent():
            teller.scene(now)
            teller.happened()


def _asked(seconds: float) -> str | None:
    """A line from the keyboard; None when none came within ``seconds``. Without a keyboard it only waits."""
    if not sys.stdin.isatty():
        threading.Event().wait(seconds)
        return None
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    if not ready:
        return None
    line = sys.stdin.readline()
    return line.strip().lower() if line else "q"
