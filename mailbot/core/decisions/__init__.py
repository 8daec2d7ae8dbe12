"""What follows: the events that come of an intent or of time. Two rooms in it: who may do what (``who_may``), and the
people of a dispute (``people``). Not here: who is told of it (``notices``).
"""
