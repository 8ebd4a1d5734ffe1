"""Floor 0: the rules of missions, pads, crew and time. Pure: no I/O, no clock read, standard library only."""
