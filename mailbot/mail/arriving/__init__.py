"""Bytes from anybody: the message, who really wrote it, man or machine, its own words, and its dispute."""
