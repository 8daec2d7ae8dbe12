"""What ``mailbot init --system`` makes of a machine: the service's user, its folders with their rights, the unit of
systemd, the rules for its log, and the command on everybody's path.
"""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from mailbot.commands.terminal import say
from mailbot.shell.config.template_files import data_dir
from mailbot.shell.errors import BadConfiguration, Fault

SERVICE_USER = "mailbot"
SYSTEM_ETC, SYSTEM_STATE, SYSTEM_LOG = "/etc/mailbot", "/var/lib/mailbot", "/var/log/mailbot"
# File in deploy/, and where it is put. The unit names the program by its whole path.
_FILES = {
    "mailbot.service": "/etc/systemd/system/mailbot.service",
    "mailbot.logrotate": "/etc/logrotate.d/mailbot",
}


def system_config(root: Path) -> Path:
    """The configuration of the machine's own service."""
    return _under(root, SYSTEM_ETC) / "mailbot.toml"


def _under(root: Path, place: str) -> Path:
    return root / place.lstrip("/")


def prepare_system(root: Path, by: int) -> None:
    """``mailbot init --system``: the service's user and the system's folders, with their rights; the unit and the log's
    rules. Raises BadConfiguration where this cannot be done by the user of that number, who runs it."""
    whole = root == Path("/")
    if whole and by != 0:
        raise BadConfiguration(
            [Fault("mailbot init --system", 0, "makes a user and files in /etc: run it as root (sudo)")]
        )
    if whole:
        _make_user()
    for place, mode in ((SYSTEM_ETC, 0o750), (SYSTEM_STATE, 0o700), (SYSTEM_LOG, 0o700)):
        folder = _under(root, place)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)
    program = (
        Path(sys.argv[0]).resolve() if Path(sys.argv[0]).name == "mailbot" else Path(sys.prefix) / "bin" / "mailbot"
    )
    for name, place in _FILES.items():
        _put(
            _under(root, place),
            (data_dir("deploy") / name).read_text(encoding="utf-8").replace("@MAILBOT@", str(program)),
        )
    link = _under(root, "/usr/local/bin/mailbot")
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.exists() and not link.is_symlink():
        link.symlink_to(program)
        say(f"{link}: written")


def shut_for_service(root: Path) -> None:
    """``mailbot init --system`` gives the service its folders: the configuration to read, its own folder to write, and
    others nothing."""
    if root != Path("/"):
        return
    service = pwd.getpwnam(SERVICE_USER)
    for place, owner in ((SYSTEM_ETC, 0), (SYSTEM_STATE, service.pw_uid), (SYSTEM_LOG, service.pw_uid)):
        folder = _under(root, place)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner, service.pw_gid)
            if owner == 0:
                path.chmod(0o750 if path.is_dir() else 0o640)
    say("When check finds no fault: systemctl daemon-reload && systemctl enable --now mailbot")


def _make_user() -> None:
    try:
        pwd.getpwnam(SERVICE_USER)
    except KeyError:
        command = shutil.which("useradd") or "/usr/sbin/useradd"
        made = ("--system", "--user-group", "--home-dir", SYSTEM_STATE, "--shell", "/usr/sbin/nologin", SERVICE_USER)
        subprocess.run([command, *made], check=True)  # noqa: S603 (no word of it comes from outside)
        say(f"the user {SERVICE_USER} was made")


def _put(path: Path, text: str) -> None:
    if path.exists():
        say(f"{path}: there already")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    say(f"{path}: written")
