"""``python -m tests.campaigns.canaries``: a canary through every field of a dispute, looked for where it must not be:
in subjects, the digest, the log, numbers for monitoring, notes, the witness, folder names, and anything for a stranger.
"""

import io
import json
import logging
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC
from pathlib import Path

from mailbot.mail.veil.redacted_copy import readable
from mailbot.watching.health import health, metrics_text
from tests.story import Story

# Each stands in one field; none is a word of ours.
CANARIES = {
    "child": "Zyxquorra Blenkhurst",
    "issue": "quillfenwick",
    "impact": "brandlethorpe",
    "outcome": "mossgarrick",
    "note": "tarnholloway",
    "proposal": "wexlemarsh",
    "objection": "crumbleyarrow",
    "subject": "Ostermeadow",
    "file name": "pellingrave",
    "stranger": "harrowquince",
    "redacted": "Vantongreve",
}
RAISED = """\
Child: {child}
Agencies: Larkfield Primary School / Children's Social Care
Line manager: Desmond Oakes, head@larkfield.sch.example
Your line manager: Rosalind Peake, rosalind.peake@seamoor.example
Issue: The {issue} assessment is being closed, says {redacted}.
Impact on child: {impact} in class.
Outcome sought: {outcome} stays open.
"""


def main() -> int:
    out = io.StringIO()
    logging.getLogger().addHandler(logging.StreamHandler(out))
    logging.getLogger().setLevel(logging.DEBUG)
    with tempfile.TemporaryDirectory(prefix="mailbot-canaries-") as folder:
        story = Story(Path(folder), "2026-09-07 09:00", heartbeat=True)
        places = lived(story)
        places["log"] = out.getvalue()
        story.store.close()
    wrong = [
        f"the {field} is in the {place}"
        for place, text in places.items()
        for field, canary in CANARIES.items()
        for word in canary.split()
        if word.casefold() in text.casefold()
    ]
    for one in wrong:
        print(one)
    print(f"{len(CANARIES)} canaries in {len(places)} places: {len(wrong)} found where they must not be")
    return 1 if wrong else 0


def lived(story: Story) -> dict[str, str]:
    """A dispute's life with a canary in every field, and everything in which none may be."""
    c = CANARIES
    story.mail("hartwell", RAISED.format(**c), "2026-09-07 10:00", subject=f"[ESCALATION] {c['subject']}", to=["fenn"])
    attached = [(f"{c['file name']}.pdf", b"%PDF-1.4 nothing")]
    story.mail("fenn", f"About {c['note']}.", "2026-09-07 11:00", subject="[NS-26-0001]", attached=attached)
    story.mail("mother@webmail.example", f"I am {c['stranger']}.", "2026-09-07 11:30", subject="[NS-26-0001]")
    story.mail("bm", f"REDACT NS-26-0001 {c['redacted']}", "2026-09-07 12:00")
    story.mail(
        "hartwell", f"RESOLVED\nThey {c['proposal']} by 30 September 2026.", "2026-09-07 14:00", subject="[NS-26-0001]"
    )
    story.mail("fenn", f"DISAGREE\nNot {c['objection']}.", "2026-09-07 15:00", subject="[NS-26-0001]")
    story.until("2026-09-21 12:00")
    now, site = story.now.astimezone(UTC), story.site
    state = health(site, story.store, now)
    sent = story.postman.sent
    with story.store._reads() as connection:
        letters = connection.exec_driver_sql("SELECT letter, subject, raw FROM outbox").all()
        notes = [str(row) for row in connection.exec_driver_sql("SELECT what FROM note")]
    digests = ["\n".join(readable(bytes(row[2]))) for row in letters if row[0] in ("digest", "daily", "heartbeat")]
    return {
        "subjects": "\n".join(str(row[1]) for row in letters),
        "digest": "\n".join(digests),
        "notes": "\n".join(notes),
        "metrics": metrics_text([(state, now)]),
        "status": json.dumps(asdict(state), default=str),
        "witness": "\n".join(held.raw.decode() for held in story.mailbox.filed.get(("Bot", "Witness"), [])),
        "folders": "\n".join("/".join(folder) for folder in story.mailbox.filed),
        "letters to a stranger": "\n".join(x.raw.decode() for x in sent if x.recipient.endswith("webmail.example")),
        "envelopes": "\n".join(f"{x.sender} {x.recipient}" for x in sent),
    }


if __name__ == "__main__":
    sys.exit(main())
