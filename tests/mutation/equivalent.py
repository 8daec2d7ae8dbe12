"""Changes that change nothing: where no input tells the changed program from the whole one, and why.

Found again by file, function and what is changed, not by line.
"""

EQUIVALENT: dict[str, str] = {
    "decisions/who_may/table.py Verdict: \"no\" becomes 'noXX'": "a verdict is told by what it is, and its word never",
}
