"""The bot at work: the four turns (take in, tick, post, report), what they write down, and the service around them."""
