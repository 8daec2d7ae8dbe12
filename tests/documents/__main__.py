"""Prints every key of the configuration, with what it is and where its value comes from, into the documents."""

from pathlib import Path

from mailbot.shell.config.explained_keys import explained_keys

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
TOP = """\
# Every setting

Printed by `python -m tests.documents` from the table by which `mailbot init` asks and `mailbot check` explains. A
partnership's own name stands between `partnership` and the rest: `[partnership.north-somerset.mailbox]`.

| setting | what it is | why it matters | where it comes from |
|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return TOP + "".join(_row(key, told) for key, told in explained_keys().items())


def _row(key: str, told: dict[str, str]) -> str:
    names = (("plain", ""), ("microsoft", "Microsoft 365: "), ("google", "Google: "))
    where = "<br>".join(f"{name}{told[part]}" for part, name in names if part in told)
    return f"| `{key}` | {told['is']} | {told['why']} | {where} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
