"""A review bundle: all of one dispute in a folder, checked by a third party with Python's standard library alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deployment import Deployment, in_maildirs, opening


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    made = in_maildirs(folder)
    made.deliver(opening())
    made.deliver(opening(2).replace(b"Child: Q.Z.", b"Child: P.R.").replace(b"We do", b"Again we do"), "2")
    assert made.command("once") == 0
    (written,) = {path.name for path in [folder / "bundle"]}
    assert made.command("export", the_first(made), str(folder / written), "--because", "serious case review") == 0
    return folder / "bundle"


def the_first(made: Deployment) -> str:
    """Its reference: the year is today's."""
    (year,) = {path.name[13:15] for path in (made.folder / "mail").glob(".Disputes.NS-*")}
    return f"NS-{year}-0001"


def verified(bundle: Path) -> tuple[int, str]:
    """By an interpreter that sees nothing but its standard library, as a third party would."""
    run = subprocess.run(
        [sys.executable, "-I", "-S", str(bundle / "verify.py")], capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout


def copied(bundle: Path, to: Path) -> Path:
    for path in bundle.rglob("*"):
        if path.is_file():
            (to / path.relative_to(bundle)).parent.mkdir(parents=True, exist_ok=True)
            (to / path.relative_to(bundle)).write_bytes(path.read_bytes())
    return to


def test_a_bundle_has_everything_and_is_whole_by_its_own_verifier(bundle: Path) -> None:
    code, said = verified(bundle)
    assert (code, said.splitlines()[0].endswith("the bundle is whole")) == (0, True)
    manifest = json.loads((bundle / "manifest.json").read_text())
    assert len(list((bundle / "messages").iterdir())) == len(manifest["messages"]) == 1, (
        "the other dispute's is not here"
    )
    kinds = {one["to"] for one in manifest["letters"]}
    assert {"t.merriwell@kewbridge.sch.example", "ottilie.farrow@somerbourne-council.example"} <= kinds
    assert "raised: Kewbridge Primary School" in (bundle / "chronology.txt").read_text()
    assert "because: serious case review" in (bundle / "README.txt").read_text()
    assert {path.stat().st_mode & 0o077 for path in bundle.rglob("*")} == {0}


def the_ledger(bundle: Path, change: str) -> None:
    """Changes the second entry of the ledger, and the manifest so that every file fits."""
    entries = json.loads((bundle / "ledger.json").read_text())
    if change == "words":
        entries[1]["text"] = entries[1]["text"].replace("Kewbridge", "Oakbridge")
        entries[1]["text"] += " "
    elif change == "cut out":
        del entries[1]
    elif change == "end":
        entries.pop()
    else:
        entries[0], entries[1] = entries[1], entries[0]
    (bundle / "ledger.json").write_text(json.dumps(entries))
    fit_the_manifest(bundle)


def fit_the_manifest(bundle: Path) -> None:
    import hashlib

    manifest = json.loads((bundle / "manifest.json").read_text())
    for one in manifest["files"]:
        content = (bundle / one["file"]).read_bytes() if (bundle / one["file"]).exists() else b""
        one |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (bundle / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("words", "entry 2: has been changed, its hash does not match"),
        ("cut out", "entry 2: 3 stands here"),
        ("end", "the ledger does not end where the manifest says"),
        ("turned", "entry 1: does not follow the entry before it"),
    ],
)
def test_a_ledger_that_was_changed_is_found_though_every_file_fits_its_manifest(
    bundle: Path, tmp_path: Path, change: str, said: str
) -> None:
    changed = copied(bundle, tmp_path)
    the_ledger(changed, change)
    code, out = verified(changed)
    assert code == 1
    assert said in out


def test_an_email_that_was_changed_added_or_taken_away_is_found(bundle: Path, tmp_path: Path) -> None:
    changed = copied(bundle, tmp_path)
    (message,) = (changed / "messages").iterdir()
    message.write_bytes(message.read_bytes().replace(b"Q.Z.", b"X.Y."))
    (changed / "letters" / "new.eml").write_bytes(b"Subject: never written\n\n")
    assert f"messages/{message.name}: is not what the manifest says it was" in verified(changed)[1]
    assert "letters/new.eml: is in the folder, and not in the manifest" in verified(changed)[1]
    (changed / "letters" / "new.eml").unlink()
    fit_the_manifest(changed)
    code, out = verified(changed)
    assert (code, f"messages/{message.name}: is not the email that it is named after" in out) == (1, True)
    message.unlink()
    assert "is in the manifest, and not in the folder" in verified(changed)[1]


def test_no_such_dispute_and_a_folder_that_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = in_maildirs(tmp_path)
    assert made.command("export", "NS-26-0099", str(tmp_path / "x")) == 1
    assert "There is no dispute NS-26-0099." in capsys.readouterr().out
    made.deliver(opening())
    assert made.command("once") == 0
    (tmp_path / "there").mkdir()
    assert made.command("export", the_first(made), str(tmp_path / "there")) == 2
    assert "name a new folder" in capsys.readouterr().err
