"""Documents as pictures: LibreOffice prints them, poppler turns the pages into PNG. One LibreOffice for all of them."""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

PRINTED = (".docx", ".xlsx")
DOTS = 70  # an inch


def pages(documents: Mapping[str, bytes], into: Path) -> dict[str, list[str]]:
    """The names of the pages' pictures in ``into``, for each document by its key ("03-form-docx.docx": a document and a
    sheet may share a name); {} without LibreOffice."""
    office, poppler = shutil.which("soffice"), shutil.which("pdftoppm")
    if not documents or office is None or poppler is None:
        return {}
    into.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as work:
        sources = []
        for key, content in documents.items():
            source = Path(work) / key
            source.write_bytes(content)
            sources.append(str(source))
        home = f"-env:UserInstallation=file://{work}/profile"
        subprocess.run(
            [office, home, "--headless", "--convert-to", "pdf", "--outdir", work, *sources],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=600,
        )
        for key in documents:
            printed, stem = (Path(work) / key).with_suffix(".pdf"), Path(key).stem
            if printed.exists():
                subprocess.run([poppler, "-png", "-r", str(DOTS), printed, into / stem], check=True, timeout=120)
                found[key] = [picture.name for picture in sorted(into.glob(f"{stem}-*.png"))]
    return found
