"""The table of planted bugs: what is broken, by which edit, and the tests that must notice.

The short numbers are those of the bank that every release is held against (B1 to B24); the rest have words only.
"""

from tests.planted.of_keeping import KEEPING
from tests.planted.of_letters import LETTERS
from tests.planted.of_the_bank import BANK
from tests.planted.of_time import TIME
from tests.planted.of_who_may import WHO_MAY

PLANTED_BUGS = (*BANK, *WHO_MAY, *TIME, *LETTERS, *KEEPING)
