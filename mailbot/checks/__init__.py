"""What ``mailbot check`` looks at, each thing with what is so, where, why it matters and what to do: this machine, the
partnership's people and numbers, the mail servers, the DNS, and a letter that is really sent. Not here: the reading of
the files themselves, which is ``shell.config``.
"""
