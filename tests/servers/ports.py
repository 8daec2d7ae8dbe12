"""Ports that nobody else in this run will take."""

import os
import random
import socket
import time


def free_ports(count: int) -> list[int]:
    """Loopback ports below the range the kernel hands out by itself: two workers of one run begin in other places."""
    source = random.Random(os.getpid() * 1_000_003 + time.monotonic_ns())
    found: list[int] = []
    while len(found) < count:
        port = source.randrange(12_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in found:
            found.append(port)
    return found


def wait_for(port: int, seconds: float = 20.0) -> None:
    """Returns when something listens. Raises ``TimeoutError``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")
