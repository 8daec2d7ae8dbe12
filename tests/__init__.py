import os
import sys

# Compiled modules are kept, whatever the environment says (here, because it comes before every other module of the
# tests): a suite that starts two hundred processes would compile the same files in each of them, and write every
# assertion anew in each worker of each run, which is half of the ten seconds before the first test.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
