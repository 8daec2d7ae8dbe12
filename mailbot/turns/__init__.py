"""The bot at work: the four turns, what they write down, and the service around them."""
