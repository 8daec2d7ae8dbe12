# Every target sets itself up: a virtual environment in .venv, from the hashed lock file.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready

.PHONY: demo test check coverage mutation campaigns campaigns-quarter campaigns-small breakages fuzz forms bench reading train gallery letters lock clean

demo: $(READY)
	$(BIN)/mailbot demo

# Three on two cores: the tests of servers, browsers and killed processes wait for half of their time.
TESTS := $(BIN)/pytest -n 3 --dist worksteal

test: $(READY)
	$(TESTS)

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	! $(BIN)/vulture | grep -E "unused (function|method|class|property)"
	$(TESTS)

# A timed campaign on the reader of mail; FUZZ is how many seconds. atheris has wheels for Linux only: without it the
# seeds are mutated unguided. What breaks is kept in tests/fuzz/crashes and read again by every run of the tests.
FUZZ ?= 120
fuzz: $(READY)
	-$(BIN)/pip install -q --disable-pip-version-check "atheris>=3,<4"
	$(BIN)/python -m tests.fuzz $(FUZZ)

# What an ordinary run of the tests tries a little of, tried whole: every act by every role on every side in every way of
# answering (the ordinary run takes every pair), two hundred invented histories whose figures are counted a second way,
# thousands of replies of which no word may be lost, of mails and files drawn by chance. And every rule of who may do what
# broken on purpose, each to be caught by a test. Breakages: every requirement of the five procedures too, by a story of its
# own; and every key of a protocol file changed, to be seen in what people receive.
campaigns: $(READY)
	CAMPAIGN=whole $(BIN)/pytest -n 2 tests/authority tests/hostile tests/fuzz tests/unit tests/scenarios \
	  tests/acceptance/killed tests/acceptance/test_libreoffice.py tests/acceptance/test_letters_in_a_browser.py
	$(BIN)/python -m tests.campaigns whole

# What may go wrong, by count and by seed: processes killed at named points on real Dovecot, simulated years with every
# fault on, a state machine, fuzzed mails, faults of SMTP and IMAP, canaries, tampering, planted bugs. The small one
# takes some minutes and is drawn by CAMPAIGN_SEED, the same in every build; the quarter is meant for a quarter of an hour
# of two idle cores: every point of killing, every planted bug, five thousand mails; the whole one takes days.
campaigns-small: $(READY)
	$(BIN)/python -m tests.campaigns small

campaigns-quarter: $(READY)
	$(BIN)/python -m tests.campaigns quarter

# Every branch of the rules (mailbot/core) is passed by one of these tests; which pass which line is written down for
# the mutation, which changes decisions, limits and authority by rule, one small thing at a time, and tells how many of
# the changes a test notices: MUTANTS drawn by MUTATION_SEED, 0 for all 4,000. Each takes longer than a build may.
RULES = tests/unit tests/scenarios tests/authority tests/hostile tests/acceptance/test_demo.py tests/acceptance/test_export.py
coverage: $(READY)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 $(RULES)
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

MUTANTS ?= 300
MUTATION_SEED ?= 14
mutation: $(READY)
	test -e .coverage || $(MAKE) coverage
	MAILBOT_COVERAGE=$(CURDIR)/.coverage $(BIN)/python -m tests.mutation $(MUTANTS) $(MUTATION_SEED)

breakages: $(READY)
	$(BIN)/python -m tests.authority.breakages
	$(BIN)/python -m tests.requirements
	CAMPAIGN=whole $(BIN)/pytest -n 2 tests/requirements

# Every letter and document of every procedure on one page with pictures; needs chromium, libreoffice and poppler-utils
# (Debian's names) for them, and ends badly when a page is hard to read or wider than a small telephone.
gallery: $(READY)
	$(BIN)/python -m tests.gallery gallery

# How many letters a dispute of each procedure brings, how long they are, and what stands on a telephone's first screen;
# needs chromium, and writes docs/letters.md with the budget beside each figure.
letters: $(READY)
	$(BIN)/python -m tests.budget

# Two hundred recording forms filled, edited and read back, two hundred through LibreOffice where it is installed, and
# two hundred hostile documents; the ordinary run of the tests takes some of each.
forms: $(READY)
	CAMPAIGN=whole $(BIN)/pytest -n 2 tests/unit/mail/documents tests/acceptance/test_libreoffice.py

# How replies are read, as a table: the second reader's own validation, and the sets in DEV, CORPORA and SEALED (folders;
# nothing of a sealed set is shown but counts).
reading: $(READY)
	$(BIN)/python -m benchmarks.replies DEV=$(DEV) CORPORA=$(CORPORA) SEALED=$(SEALED)

# The second reader's weights and thresholds from training/replies.jsonl: the same sentences give the same bytes. Its
# tools are for this alone and are no part of what runs.
train: $(READY)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r training/requirements.lock
	$(BIN)/python -m training.train

# Beside two trackers that others run on their mail, in an environment of their own (benchmarks/peers.txt).
PEERS := $(VENV)/peers
bench: $(READY) $(PEERS)/ready
	$(BIN)/python -m benchmarks

$(PEERS)/ready: benchmarks/peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install -q --disable-pip-version-check -r benchmarks/peers.txt
	touch $@

# Hashes of every wheel for Python 3.11 to 3.13, so that what was tested is what is installed: requirements.lock holds
# what runs a partnership's mailbox and no more; requirements-extras.lock the same with PostgreSQL, Microsoft 365 and encryption;
# requirements-dev.lock all that, the demo's servers and the tests' tools.
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: $(READY)
	$(BIN)/pip install -q uv
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --extra microsoft --extra postgres --extra encryption -c requirements.lock pyproject.toml -o requirements-extras.lock
	$(LOCK) --extra microsoft --extra postgres --extra encryption --extra demo --extra dev -c requirements-extras.lock pyproject.toml -o requirements-dev.lock
	$(LOCK) --extra train -c requirements-dev.lock pyproject.toml -o training/requirements.lock

$(READY): requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14) and "mailbot needs Python 3.11 to 3.13; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
