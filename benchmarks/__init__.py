"""Gantry's cost against the bare driver's, side by side in one run, as ratios. No part of the tests; no time is asserted."""
