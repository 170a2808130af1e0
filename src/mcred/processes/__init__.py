"""Child processes: what is not trusted runs in one, within limits; what is much is shared out among some."""
