"""The tables of ``mailbot.toml`` that say where mail is fetched and handed in, and how the bot proves who it is."""

from dataclasses import replace
from pathlib import Path

from mailbot.shell.oauth import MICROSOFT, OUTLOOK, OAuth, token_url_fault
from mailbot.shell.secrets import Secret
from mailbot.shell.settings import MAILDIR, Server, beside_file, server
from mailbot.shell.sheet import Table

SECRET_KEYS = ("password", "secret", "token", "client_secret")


def read_server(table: Table, key: str, beside: Path, oauth: OAuth | None) -> Server | None:
    """``[partnership.….mailbox]`` or ``post``; None with the faults noted where it names no server."""
    part = table.table(key)
    secret = _secret(part, beside, "password")
    cafile, root = part.text("cafile", ""), part.list("root")
    url = part.text("url")
    part.finish()
    if not url:
        return None
    try:
        made = server(url, beside, secret, str(beside_file(beside, cafile)) if cafile else None, root)
    except ValueError as error:
        part.fault("url", f'"url" {error}')
        return None
    if made.kind == {"mailbox": "smtp", "post": "imap"}[key]:
        part.fault("url", f'"url" of {part.name} cannot be a server for the other direction ({made.kind})')
    if made.user and not secret and oauth is None:
        part.fault("url", f"{made.user} needs a password: name it as password_file or password_env")
    if made.kind == "imap" and not made.user:
        part.fault("url", '"url" names no user: imaps://user@mail.example:993/INBOX')
    uses_token = oauth is not None and made.kind != MAILDIR and bool(made.user) and not secret
    return replace(made, oauth=oauth) if uses_token else made


def read_oauth(table: Table, beside: Path) -> OAuth | None:
    """``[partnership.….oauth]``: for servers that take tokens in place of passwords; None where it is not there."""
    if not table.has("oauth"):
        table.asked.add("oauth")
        return None
    part = table.table("oauth")
    secret = _secret(part, beside, "secret")
    if not secret:
        part.fault("", f'{part.name} needs "secret_file" or "secret_env"')
    tenant, url = part.text("tenant", ""), part.text("token_url", "")
    if bool(tenant) == bool(url):
        part.fault("", f'{part.name} needs "tenant" (Microsoft 365) or "token_url" (any other), and not both')
    url = url or MICROSOFT.format(tenant=tenant)
    if fault := token_url_fault(url):
        part.fault("token_url", f'"token_url" {fault}')
    client, scope, expires = part.text("client_id"), part.text("scope", OUTLOOK), part.day("secret_expires", None)
    part.finish()
    return OAuth(url, client, secret, scope, expires)


def _secret(part: Table, beside: Path, word: str) -> Secret:
    """``password_file`` or ``password_env`` (``word`` is the first half). A secret in this file itself is refused."""
    for key in SECRET_KEYS:
        if part.has(key):
            part.asked.add(key)
            said = (
                f"please do not keep a {key} in this file: put it into a file of its own (chmod 600) and name that as "
                f"{word}_file, or into a variable and name that as {word}_env"
            )
            part.fault(key, said)
    file, variable = part.text(f"{word}_file", ""), part.text(f"{word}_env", "")
    return Secret(variable, beside_file(beside, file) if file else None)
