"""``mailbot export``: one dispute as a bundle for a review, which anybody can verify without mailbot."""

import argparse
import contextlib
import getpass
import io
import json
import shutil
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from hashlib import sha256
from pathlib import Path

from mailbot.commands.chronology import show_dispute
from mailbot.commands.keeping import export_verifier
from mailbot.commands.terminal import Commands, new_parser, say, settings_of
from mailbot.core.clocks.case import Case
from mailbot.core.record.events_as_json import instant_text
from mailbot.core.record.ledger import Entry
from mailbot.looking import Looked, looking
from mailbot.shell.clock import utc_now
from mailbot.shell.errors import NOT_WELL, OK
from mailbot.shell.forgetting.holdings import HeldBytes, bytes_held, ledger_held
from mailbot.shell.private_files import make_new_folder, shut
from mailbot.shell.store.queries import LONGEST_TROUBLE
from mailbot.shell.store.store import Store

EXPORTED = "exported: "  # a note's beginning
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_README = """\
One dispute of {name}, as mailbot kept it: {reference}.
Exported at {at} by {by}{because}.

chronology.txt   who did what and when, limits and letters, in words
ledger.json      every entry of the record in its order, each chained to the one before by a hash
messages/        every email as it came, named after its SHA-256
letters/         every letter as it was written, the waiting and refused ones too
filed/           summaries and copies that were put into the mailbox
forms/           the recording forms that went with letters
manifest.json    every file here with its size and SHA-256
verify.py        checks all of this: python3 verify.py

It holds personal data about a child and about professionals. Whoever has it answers for it.
"""


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    parser = new_parser(
        commands,
        "export",
        "put one dispute into a folder, for a review",
        "The record, emails, letters, forms, a manifest with hashes, and verify.py, by which a third party checks all "
        "of it without mailbot. It is noted that it was exported, and by whom. Ends with 1 where there is no such "
        "dispute.",
    )
    parser.add_argument("reference", metavar="REF", help="its reference, like NS-26-0012")
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="a folder that is not there yet")
    parser.add_argument("--because", default="", help="why, for the record: which review, who asked")
    parser.add_argument("--by", default="", help="your name or address, for the record (default: your login)")
    parser.set_defaults(run=run_export)


def run_export(args: argparse.Namespace) -> int:
    """``mailbot export``, run. Raises BadConfiguration, StoreRefused, Unreachable; then the folder is not left."""
    now, reference, folder = utc_now(), args.reference.strip().upper(), args.folder
    by = args.by.strip() or getpass.getuser()
    with looking(settings_of(args, now, lenient=True), now) as (store, sites):
        here = [one for one in sites if store.chronology(one.site.id, reference)]
        if not here:
            say(f"There is no dispute {reference}.")
            return NOT_WELL
        make_new_folder(folder)
        try:
            because = f", because: {args.because.strip()}" if args.because.strip() else ""
            files = _written(folder, store, here[0], reference, (by, because), now)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        store.note(here[0].site.id, f"{EXPORTED}{reference} by {by}{because}"[:LONGEST_TROUBLE], now)
    say(f"{folder}: {files} files. python3 {folder / 'verify.py'} checks them, on any machine.")
    return OK


def _written(folder: Path, store: Store, one: Looked, reference: str, who: tuple[str, str], now: datetime) -> int:
    site, history = one.site, ledger_held(store, one.site.id, reference)
    held = bytes_held(store, site.id, reference)
    readme = _README.format(name=site.name, reference=reference, at=now.isoformat(), by=who[0], because=who[1])
    files: dict[str, bytes] = {
        "README.txt": readme.encode(),
        "verify.py": Path(export_verifier.__file__).read_bytes(),
        "ledger.json": _json([_entry(entry) for entry in history]),
        "chronology.txt": _told(store, one, reference, now).encode(),
    }
    messages = []
    for each in held:
        name = _file_of(each)
        files[name] = each.raw
        if each.of == "message":
            messages.append({"digest": each.name, "file": name, "received": instant_text(each.at)} | _replaced(each))
        elif each.of == "letter":
            files |= {f"forms/{each.name}-{number}.docx": form for number, form in enumerate(_forms(each.raw), 1)}
    head = {"sequence": history[-1].sequence, "hash": history[-1].hash}
    manifest = {
        "partnership": site.id,
        "reference": reference,
        "exported": instant_text(now),
        "by": who[0],
        "head": head,
        "messages": messages,
        "letters": [_letter(each) for each in held if each.of != "message"],
        "files": [
            {"file": name, "size": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        ],
    }
    for name, content in (*files.items(), ("manifest.json", _json(manifest))):
        (folder / name).parent.mkdir(mode=0o700, exist_ok=True)
        (folder / name).write_bytes(content)
        shut(folder / name)
    return len(files) + 1


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "partnership": entry.partnership,
        "reference": entry.reference,
        "sequence": entry.sequence,
        "at": instant_text(entry.at),
        "cause": entry.cause.kind,
        "caused_by": entry.cause.what,
        "kind": entry.kind,
        "text": entry.text,
        "previous": entry.previous,
        "hash": entry.hash,
        **({"was": entry.was} if entry.was else {}),
    }


def _file_of(one: HeldBytes) -> str:
    folder = {"message": "messages", "letter": "letters", "filing": "filed"}[one.of]
    return f"{folder}/{one.name}.eml"


def _replaced(one: HeldBytes) -> dict[str, str]:
    return {"replaced": one.was} if one.was else {}


def _letter(one: HeldBytes) -> dict[str, str]:
    written = {"file": _file_of(one), "to": one.to, "state": one.state, "written": instant_text(one.at)}
    return written | _replaced(one)


def _forms(raw: bytes) -> list[bytes]:
    """The Word documents that went with a letter of ours."""
    parts: list[Message] = [part for part in message_from_bytes(raw).walk() if part.get_content_type() == _WORD]
    return [content for part in parts if isinstance(content := part.get_payload(decode=True), bytes)]


def _told(store: Store, one: Looked, reference: str, now: datetime) -> str:
    """What ``mailbot show`` says of it."""
    dispute = store.dispute(one.site.id, reference)
    assert dispute is not None, "it has a ledger"
    if (dispute.protocol, dispute.version) not in one.site.versions:
        return f"The procedure of {dispute.version}, by which {reference} went, is not in the configuration any more.\n"
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        letters = store.letters(one.site.id, reference)
        show_dispute(Case(dispute, one.site.version(dispute), now), store.chronology(one.site.id, reference), letters)
    return out.getvalue()
