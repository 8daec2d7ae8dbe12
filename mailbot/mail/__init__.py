"""TRANSLATION. Pure functions over bytes and text: mail to what is asked, and what must be told to mail."""
