"""Mail servers that tests talk to: embedded ones everywhere, Dovecot and Postfix where they are installed."""
