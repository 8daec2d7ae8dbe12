"""Mail servers for the whole suite: one embedded pair and, where they are installed, one real pair for each worker."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from importlib import import_module
from pathlib import Path
from threading import Thread

import pytest
from _pytest.runner import runtestprotocol

from mailbot.demo.embedded_servers import EmbeddedServers
from tests.people import ADDRESS, DIRECTORY
from tests.servers.dovecot import why_no_real_servers
from tests.servers.real import running
from tests.servers.shape import Servers
from tests.shared import begin

IN_MEMORY = Path("/dev/shm")
ENOUGH = 2 * 1024**3  # bytes free there; a container that was asked for none has 64 MB


def pytest_configure(config: pytest.Config) -> None:
    """Temporary folders in memory where there is such a place: a store makes every decision durable, and three hundred
    stories wait for the disk a quarter of their time. What is killed in the tests is the process, not the machine."""
    gc.disable()  # until all is collected: see ``pytest_collection_finish``
    if hasattr(config, "workerinput") or not getattr(config.option, "numprocesses", None):
        _load_the_program()
    if hasattr(config, "workerinput"):
        return
    roomy = os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ENOUGH
    memory = IN_MEMORY if roomy else None
    if memory and "TMPDIR" not in os.environ:
        os.environ["TMPDIR"], tempfile.tempdir = str(memory), None
    shared = begin(memory)
    config.add_cleanup(lambda: shutil.rmtree(shared, ignore_errors=True))
    if not config.option.basetemp and memory:
        made = Path(tempfile.mkdtemp(prefix="mailbot-tests-", dir=memory))
        config.option.basetemp = made / "all"
        config.add_cleanup(lambda: shutil.rmtree(made, ignore_errors=True))


def _load_the_program() -> None:
    """Where the stack is shallow, in a thread of its own. Imported from within a test's module, below forty frames of
    pytest's and the importer's, the wordings' five thousand expressions are compiled across an end of a piece of
    Python's stack, which is mapped and given back at every step: 250,000 page faults, two seconds of each worker."""
    loading = Thread(target=import_module, args=("mailbot.build",))
    loading.start()
    loading.join()


# The longest of each folder, begun first, so that no worker is left alone with one at the end.
LONG = (
    "test_a_sample_of_broken_requirements_is_noticed",
    "test_it_ends_well_in_under_a_minute",
    "tests/budget/",
    "test_no_reply_is_ever_read_as_another_outcome",
    "test_no_wording_stands_untested",
    "test_without_the_second_reader",
    "test_the_service_acts_on_mail_as_it_comes",
    "tests/acceptance/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return next((number for number, long in enumerate(LONG) if long in item.nodeid), len(LONG))

    items.sort(key=place)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """A worker tells of a test that passed once, and of one that did not by every report: that it begins, is set up,
    is taken down and ends are four messages more, which nobody reads who did not ask for them."""
    option = item.config.option
    if not hasattr(item.config, "workerinput") or option.durations or option.xmlpath:
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What passed is told by a worker in few words: nobody asks by which keywords it could have been chosen, and they
    are a tenth of what it costs to tell of a test."""
    report = yield
    if report.passed:
        report.keywords = {}
    return report


def pytest_collection_finish() -> None:
    """What was imported and collected lives to the end: it need not be gone through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(100_000, 20, 20)


DOMAINS = (
    "northshire-scp.example",
    "northshire-council.example",
    "northshire-nhs.example",
    "nsscp.example",
    *sorted(DIRECTORY.approved_domains),
)
# Invented people of an invented partnership; the first is its shared mailbox.
USERS = {
    "disputes@northshire-scp.example": "a shared secret",
    "business.manager@northshire-scp.example": "s1",
    "petronella.wexcombe@northshire-council.example": "s2",
    "ambrose.tilling@northshire-council.example": "s3",
    "isolde.marchbanks@northshire-nhs.example": "s4",
    "cuthbert.oakeshott@northshire-nhs.example": "s5",
    # The people of the stories, for the one that is told over the wire.
    **dict.fromkeys(ADDRESS.values(), "story"),
}


# For tests that want a mailbox nobody has written to.
SPARE = tuple(f"spare-{number}@northshire-scp.example" for number in range(80))


@pytest.fixture(scope="session")
def embedded() -> Iterator[EmbeddedServers]:
    with EmbeddedServers({**USERS, **dict.fromkeys(SPARE, "spare")}, DOMAINS) as servers:
        yield servers


@pytest.fixture(scope="session")
def embedded_servers(embedded: EmbeddedServers) -> Servers:
    host = embedded.host
    return Servers(host, embedded.imap_port, "none", host, embedded.smtp_port, "none", None, embedded.users, SPARE)


@pytest.fixture(scope="session")
def real_servers() -> Iterator[Servers]:
    """Dovecot and Postfix, delivering to each other. Skips where they cannot run; mark the test ``real_servers``."""
    why = why_no_real_servers()
    if why:
        pytest.skip(why)
    with running(USERS, DOMAINS, SPARE) as servers:
        yield servers


@pytest.fixture(scope="session")
def spare_address() -> Callable[[Servers], str]:
    """Calling it with servers gives an address whose mailbox there is empty, another one each time."""
    given: dict[int, Iterator[str]] = {}
    return lambda servers: next(given.setdefault(servers.imap_port, iter(servers.spare)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A line for each sample message: what it was read as, how sure, in which dispute, and who was written to."""
    lines = [
        (str(value), outcome == "passed")
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, value in getattr(report, "user_properties", ())
        if name == "sample" and report.when == "call"
    ]
    if lines:
        terminalreporter.section("samples")
        for told, well in sorted(lines):
            terminalreporter.line(f"{'ok   ' if well else 'WRONG'} {told}")
