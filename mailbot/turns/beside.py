"""Work that goes on beside the reading of mail, each kind in a thread of its own: letters out, messages filed.

A mail server may take eleven minutes to answer after the last dot of a letter; all that while mail is read, danger is
answered and limits are looked at. What fails is tried again, ever less often, and by nobody else is waited for.
"""

import threading
from collections.abc import Callable

FIRST_WAIT, LONGEST_WAIT = 5.0, 300.0  # seconds between tries when something is out of reach
LONGEST_REST = 30.0  # seconds; what waits for its next try is looked at this often though nobody wakes us


class Beside:
    """``work`` is done whenever it is woken, and gives False where it failed."""

    def __init__(self, name: str, work: Callable[[], bool], stop: threading.Event) -> None:
        self._work, self._stop = work, stop
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._woken.set()

    def end(self, seconds: float) -> None:
        """Waits for what is being done, but not for ever: what a server that hangs has been given is claimed, and goes
        again."""
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        failed = 0
        while not self._stop.is_set():
            self._woken.wait(LONGEST_REST)
            self._woken.clear()
            failed = 0 if self._work() else min(failed + 1, 10)  # told to stop, once more: what is decided goes out
            if failed:
                self._stop.wait(min(FIRST_WAIT * 2.0 ** (failed - 1), LONGEST_WAIT))
