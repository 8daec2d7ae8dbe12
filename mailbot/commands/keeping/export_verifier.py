"""Verifies a review bundle of mailbot's: python3 verify.py, in the folder of the bundle.

It needs Python 3.9 or newer and nothing else: no network, no database, no part of mailbot. It ends with 0 where every
file is the one that the manifest names, the ledger's chain holds from its first entry to its last, and every email is
the one that an entry of the ledger came from; else with 1, and says what does not fit.

What it cannot show by itself: that the ledger has not been cut off at its end, and when it was written. For that,
compare the last hash, which it prints, with what the partnership's weekly digests and the mailbox's own witness said at
the time.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BundleRow = dict[str, Any]


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hashes_of(entry: BundleRow) -> list[str] | None:
    """To verify an exported bundle: the hash an entry must have, in the present form and in the first one; none
    where its words are gone that the first form needs."""
    place = [entry["previous"], entry["partnership"], entry["reference"], entry["sequence"], entry["at"]]
    place += [entry["cause"], entry["caused_by"], entry["kind"]]
    was = entry.get("was", "")
    if was.startswith("words "):
        return None
    words = was or _sha256(entry["text"].encode())
    made = [_sha256(_canonical([*place, "sha256", words]).encode())]
    return made if was else [*made, _sha256(_canonical([*place, entry["text"]]).encode())]


def _faults_of_files(folder: Path, manifest: BundleRow) -> Iterator[str]:
    listed = {one["file"]: one for one in manifest["files"]}
    there = {str(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file()}
    for name in sorted(there - set(listed) - {"manifest.json"}):
        yield f"{name}: is in the folder, and not in the manifest"
    for name in sorted(set(listed) - there):
        yield f"{name}: is in the manifest, and not in the folder"
    for name in sorted(there & set(listed)):
        content = (folder / name).read_bytes()
        if (len(content), _sha256(content)) != (listed[name]["size"], listed[name]["sha256"]):
            yield f"{name}: is not what the manifest says it was"


def _faults_of_chain(entries: list[BundleRow], manifest: BundleRow) -> Iterator[str]:
    previous, last = "", ""
    for number, entry in enumerate(entries, 1):
        if entry["sequence"] != number:
            yield f"entry {number}: {entry['sequence']} stands here"
        if entry["previous"] != previous:
            yield f"entry {number}: does not follow the entry before it"
        must = _hashes_of(entry)
        if must is not None and entry["hash"] not in must:
            yield f"entry {number}: has been changed, its hash does not match"
        if last and entry["at"] < last:
            yield f"entry {number}: time goes back"
        previous, last = entry["hash"], entry["at"]
    if previous != manifest["head"]["hash"] or len(entries) != manifest["head"]["sequence"]:
        yield f"the ledger does not end where the manifest says: at entry {manifest['head']['sequence']}"


def _faults_of_messages(folder: Path, entries: list[BundleRow], manifest: BundleRow) -> Iterator[str]:
    kept = {one["digest"]: one for one in manifest["messages"]}
    for digest, one in sorted(kept.items()):
        content = (folder / one["file"]).read_bytes() if (folder / one["file"]).is_file() else b""
        if not one.get("replaced") and _sha256(content) != digest:
            yield f"{one['file']}: is not the email that it is named after"
    for entry in entries:
        digest = entry["caused_by"].split(" ")[0]
        if entry["cause"] == "message" and digest not in kept:
            yield f"entry {entry['sequence']}: the email it came from is not in the bundle"


def _main() -> int:
    folder = Path(__file__).resolve().parent
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        entries = json.loads((folder / "ledger.json").read_text(encoding="utf-8"))
        found = [
            *_faults_of_files(folder, manifest),
            *_faults_of_chain(entries, manifest),
            *_faults_of_messages(folder, entries, manifest),
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        found = [f"the bundle cannot be read: {type(error).__name__}: {error}"]
        entries, manifest = [], {}
    for fault in found:
        print(fault)
    if found:
        print(f"{len(found)} fault{'s' if len(found) > 1 else ''}: the bundle is NOT whole")
        return 1
    print(f"{manifest['reference']}: {len(entries)} entries, {len(manifest['files'])} files: the bundle is whole")
    print(f"The ledger ends with {entries[-1]['hash']}, decided at {entries[-1]['at']}")
    return 0


if __name__ == "__main__":
    sys.exit(_main())
