"""What a partnership has published, as values: its protocol, the closed words of such files, and who is who."""
