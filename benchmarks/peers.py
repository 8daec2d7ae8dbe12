"""Two trackers that offices run on their mail, fed with the same mail as mailbot: django-helpdesk and Roundup.

Both keep it in SQLite, as their own documents set them up, and answer into files, so that no mail server's time is
counted. Each is run once on nothing first: starting Python and loading the program is not what a message costs. Two
things are made lighter for them than they come: Roundup's hashing of passwords for every writer it has not met, and
django-helpdesk's refusal of file names it does not know.
"""

import mailbox
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.mail_corpus import MAILBOX, corpus

NAMES = frozenset({"Roundup", "django-helpdesk"})
PROGRAMS = Path(__file__).parent.parent / ".venv" / "peers" / "bin"
_SETTINGS = """\
from pathlib import Path
HERE = Path(__file__).parent
SECRET_KEY = "invented"
USE_TZ, TIME_ZONE, SITE_ID = True, "Europe/London", 1
INSTALLED_APPS = [f"django.contrib.{one}" for one in
                  ("admin", "auth", "contenttypes", "sessions", "messages", "sites", "humanize")]
INSTALLED_APPS += ["rest_framework", "helpdesk"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware",
              "django.contrib.auth.middleware.AuthenticationMiddleware",
              "django.contrib.messages.middleware.MessageMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS":
              {"context_processors": ["django.template.context_processors.request",
                                      "django.contrib.auth.context_processors.auth",
                                      "django.contrib.messages.context_processors.messages"]}}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(HERE / "helpdesk.db"),
                         "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"}}}
EMAIL_BACKEND, EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", str(HERE / "post")
ROOT_URLCONF, STATIC_URL, LOGIN_URL, MEDIA_ROOT = "peer_urls", "/static/", "/", str(HERE / "media")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
HELPDESK_TEAMS_MODE_ENABLED, HELPDESK_VALIDATE_ATTACHMENT_TYPES = False, False
"""
_URLS = """\
from django.contrib import admin
from django.urls import include, path
urlpatterns = [path("admin/", admin.site.urls), path("", include("helpdesk.urls", namespace="helpdesk"))]
"""
_QUEUE = """\
import sys, django
django.setup()
from helpdesk.models import Queue
Queue.objects.create(title="Escalation", slug="esc", email_address=sys.argv[1], allow_email_submission=True,
                     allow_public_submission=True, email_box_type="local", email_box_local_dir=sys.argv[2],
                     email_box_interval=0, enable_notifications_on_email_events=True)
"""


def are_there() -> bool:
    return (PROGRAMS / "roundup-mailgw").exists()


def helpdesk(folder: Path, messages: int) -> dict[str, float]:
    """django-helpdesk, its command for cron, on a folder of mail."""
    inbox = folder / "inbox"
    inbox.mkdir()
    (folder / "peer_settings.py").write_text(_SETTINGS)
    (folder / "peer_urls.py").write_text(_URLS)
    env = {"DJANGO_SETTINGS_MODULE": "peer_settings", "PYTHONPATH": str(folder)}
    python = str(PROGRAMS / "python")
    for words in (
        ("-m", "django", "migrate", "-v", "0"),
        ("-m", "django", "loaddata", "-v", "0", "emailtemplate.json"),
    ):
        _ran([python, *words], folder, env)
    _ran([python, "-c", _QUEUE, MAILBOX, f"{inbox}/"], folder, env)
    fetch = [python, "-m", "django", "get_email", "--quiet"]
    nothing = _ran(fetch, folder, env)
    for place, mail in enumerate(corpus(messages)):
        (inbox / f"{place:06}").write_bytes(mail.raw)
    found = _beyond(nothing, _ran(fetch, folder, env))
    assert not list(inbox.iterdir())
    return found | {"letters": float(len(list((folder / "post").iterdir())))}


def roundup(folder: Path, messages: int) -> dict[str, float]:
    """Roundup's classic tracker, its mail gateway, on an mbox."""
    home, post, box = folder / "home", folder / "post.mbox", folder / "in.mbox"
    admin = str(PROGRAMS / "roundup-admin")
    told = {"mail_debug": post, "mail_domain": "nsscp.example", "mail_host": "localhost", "tracker_email": "escalation"}
    told |= {"tracker_web": "http://localhost/", "admin_email": "admin@nsscp.example"}
    settings = ",".join(f"{key}={value}" for key, value in told.items())
    _ran([admin, "-i", str(home), "install", "classic", "sqlite", settings], folder, {})
    _change(home / "config.ini", "messages_to_author = no", "messages_to_author = yes")
    _change(home / "config.ini", "password_pbkdf2_default_rounds = 250000", "password_pbkdf2_default_rounds = 1000")
    anybody = "db.security.addPermissionToRole('Anonymous', 'Email Access')"
    _change(home / "schema.py", f"#{anybody}", anybody)
    _ran([admin, "-i", str(home), "initialise", "invented"], folder, {})
    gateway = [str(PROGRAMS / "roundup-mailgw"), str(home), "mailbox", str(box)]
    box.touch()
    nothing = _ran(gateway, folder, {})
    kept = mailbox.mbox(box)
    for mail in corpus(messages):
        kept.add(mail.raw)
    kept.close()
    found = _beyond(nothing, _ran(gateway, folder, {}))
    assert box.stat().st_size == 0
    return found | {"letters": float(post.read_bytes().count(b"\nSubject:"))}


def versions() -> str:
    words = (
        "from importlib.metadata import version; print(*(f'{n} {version(n)}' for n in ('django-helpdesk', 'roundup')))"
    )
    python = str(PROGRAMS / "python")
    done = subprocess.run([python, "-c", words], capture_output=True, text=True, check=True)  # noqa: S603 (our words)
    return done.stdout.strip()


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new))


def _ran(words: list[str], folder: Path, env: Mapping[str, str]) -> dict[str, float]:
    """One program run to its end: its seconds, its CPU seconds and its highest memory, its own alone."""
    began = time.perf_counter()
    with (folder / "said").open("ab") as said:
        started = subprocess.Popen(words, cwd=folder, env={**os.environ, **env}, stdout=said, stderr=said)  # noqa: S603
        _, status, used = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise RuntimeError(f"{words[0]}: {(folder / 'said').read_text()[-2000:]}")
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1024}


def _beyond(nothing: Mapping[str, float], found: dict[str, float]) -> dict[str, float]:
    return found | {name: found[name] - nothing[name] for name in ("seconds", "cpu")}
