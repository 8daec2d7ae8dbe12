"""What the record lets go of, and still vouches for: names cut out of it, bytes and disputes whose time is over; and
everything that is held about one person."""
