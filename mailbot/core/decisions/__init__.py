"""What is done about it: who may do what, and the events that follow from an intent."""
