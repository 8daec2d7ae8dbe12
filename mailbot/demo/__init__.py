"""The demo: invented people, a story, real mail servers in this process, a fast clock, a gallery of letters."""
