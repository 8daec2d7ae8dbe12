"""What follows: who may do what, and the events that come of an intent or of time. Not here: who is told of them."""
