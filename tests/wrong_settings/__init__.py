"""Wrong settings, one at a time, each with the answer that ``mailbot check`` gives to it: told as a table, which is
tested as it stands and printed into ``docs/wrong-settings.md`` (``python -m tests.wrong_settings``).
"""
