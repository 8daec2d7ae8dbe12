"""Addresses and numbers of a protocol file that would lose a letter, send it back to the mailbox, or ring nobody."""

from pathlib import Path

import pytest

from mailbot.shell.protocol_files.protocol_reader import check_protocol
from tests.protocol_files import changed, shipped

MAILBOX = "escalation@nsscp.example"


@pytest.mark.parametrize(
    ("table", "key", "value", "says"),
    [
        ("role.dsps", "address", f'"{MAILBOX}"', "is the shared mailbox itself"),
        ("role.dsps", "address", '"a@nsscp.example; b@nsscp.example"', "two people are two roles"),
        ("role.dsps", "address", '"dsps at nsscp.example"', "is not an email address"),
        ("role.dsps", "address", '"scrutineer@nsscp.example"', 'is the address of "'),
        ("mailbox", "address", '"a@nsscp.example, b@nsscp.example"', "is not an email address: two people"),
        ("role.dsps", "stand_in", f'[{{ sector = "school", address = "{MAILBOX}" }}]', "is the shared mailbox"),
        ("role.dsps", "stand_in", '[{ sector = "school", address = "head" }]', '"head" is not an email address'),
        ("risk", "phones", '[{ name = "Front door", number = "0151 496" }]', "is no telephone number"),
        ("risk", "phones", '[{ name = "Front door", number = "call reception" }]', "is no telephone number"),
        ("risk", "phones", '[{ name = "Front door", number = "+44 (0)1632 960111" }]', None),
    ],
)
def test_an_address_that_cannot_be_meant_is_told(
    tmp_path: Path, table: str, key: str, value: str, says: str | None
) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(changed(shipped("north-somerset"), table, key, value), "utf-8")
    found = [fault.message for fault in check_protocol(path).faults]
    assert (found == []) if says is None else any(says in one for one in found), found
