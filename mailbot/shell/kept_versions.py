"""The versions that disputes keep, against the files that are there: a dispute follows the version it was opened
under to its end, so a file that was taken away stops everything, and says so before anything is started."""

from collections import defaultdict

from mailbot.shell.errors import Fault
from mailbot.shell.settings import Settings
from mailbot.shell.store import Store

_MOST = 5  # references named; the rest are counted


def missing_versions(settings: Settings, store: Store) -> list[Fault]:
    """A fault for each version without its file, with the disputes that keep it."""
    faults = []
    for one in settings.partnerships:
        there = {(protocol.id, protocol.version) for protocol in one.versions}
        keep: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in store.dispute_rows(one.id):
            if (row.protocol, row.version) not in there:
                keep[row.protocol, row.version].append(row.reference)
        for (protocol, version), references in keep.items():
            named = ", ".join(references[:_MOST])
            more = f" and {len(references) - _MOST} more" if len(references) > _MOST else ""
            said = (
                f"no file here has the version of {version} of {protocol}, which {named}{more} of {one.id} "
                f"{'follow' if len(references) > 1 else 'follows'}: put it back (a copy is in any backup of config)"
            )
            faults.append(Fault(str(settings.file.parent / "protocols" / f"{protocol}.toml"), 0, said))
    return faults
