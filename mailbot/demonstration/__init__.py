"""The demo: invented people, a story, real mail servers in the process, a fast clock."""
