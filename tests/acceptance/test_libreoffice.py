"""What another program makes of our documents: LibreOffice, which takes longer to start than to read two hundred forms.

Eight forms in an ordinary run, two hundred in ``make forms``.
"""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from mailbot.mail.documents.meeting_report import report_sheet
from mailbot.mail.documents.recording_form import word_form
from tests.thorough import many
from tests.unit.mail.documents.awkward import made
from tests.unit.mail.documents.test_meeting_report import hostile_report
from tests.unit.mail.documents.test_returned_form import answers, news, read
from tests.unit.mail.documents.word import fill_in

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
THROUGH_OFFICE = many(8, 200)


def converted(profile: Path, files: list[Path], to: str, out: Path) -> Path:
    """All of them in one call."""
    where = f"-env:UserInstallation={profile.as_uri()}"
    command = ["soffice", where, "--headless", "--convert-to", to, "--outdir", str(out), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return out


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """LibreOffice's own folder, made once: making it takes half of its start."""
    return tmp_path_factory.mktemp("libreoffice") / "profile"


@pytest.mark.parametrize("by_way_of", ["docx"] if THROUGH_OFFICE < 100 else ["docx", "odt"])
def test_what_people_write_in_a_form_comes_back(profile: Path, tmp_path: Path, by_way_of: str) -> None:
    """LibreOffice 7.4 saves a Word document without its controls: what is read is the tables, by their labels."""
    cases = {}
    for seed in range(THROUGH_OFFICE):
        case = made(seed)
        by_tag, wanted = answers(case, seed)
        (tmp_path / f"{seed}.docx").write_bytes(fill_in(word_form(case.sheet), by_tag))
        cases[seed] = (case, wanted)
    folder = tmp_path
    if by_way_of == "odt":
        folder = converted(profile, sorted(folder.glob("*.docx")), "odt", tmp_path / "odt")
    after = converted(profile, sorted(folder.glob(f"*.{by_way_of}")), "docx", tmp_path / "back")
    lost = []
    for seed, (case, wanted) in cases.items():
        paper = read(case, (after / f"{seed}.docx").read_bytes())
        assert paper.unread == "", seed
        got = {box.key: " ".join(box.value.split()) for box in paper.boxes}
        lost += [
            (seed, key, value, got.get(key))
            for key, value in news(case, wanted).items()
            if got.get(key) != " ".join(value.split())
        ]
    assert lost == []


def test_no_cell_of_a_report_is_a_formula(profile: Path, tmp_path: Path) -> None:
    (tmp_path / "r.xlsx").write_bytes(report_sheet(hostile_report()))
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    converted(profile, [tmp_path / "r.xlsx"], form, tmp_path)
    cells = [cell for path in tmp_path.glob("*.csv") for row in csv.reader(path.open(encoding="utf-8")) for cell in row]
    assert len(cells) > 500
    assert [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "-", "@")] == []
