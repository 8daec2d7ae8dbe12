"""The commands, one family a file. Each has ``add_parsers(commands)``; each command is a function of its arguments
that gives the exit code. They ask and show; no rule of the procedure is here.
"""
