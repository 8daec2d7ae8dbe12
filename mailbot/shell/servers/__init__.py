"""Where mail comes from and how letters leave: IMAP, Maildir, SMTP, OAuth, TLS, and trying them out."""
