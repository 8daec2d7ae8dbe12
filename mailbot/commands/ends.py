"""How a command ends (its exit code), and text made safe for a terminal. Imports nothing: every command needs it."""

OK, NOT_WELL, BAD_CONFIGURATION, UNREACHABLE = 0, 1, 2, 3
EXPLAINED = """\
How a command ends:
  0  done, and all is well
  1  done, and something is not well (status, verify), or there is nothing of that name
  2  something here must be mended first: every fault is listed, and nothing was started
  3  a server or the database could not be reached: try again
"""


def clean_for_terminal(text: str) -> str:
    """Text made safe for a terminal: one printable line of ``text``: a message must not be able to write to the
    operator's terminal (ECMA-48 escape sequences move the cursor, and rename the window)."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
