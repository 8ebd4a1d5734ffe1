"""Floor 5: the local world. The scenario's data and the browser demo; needs no account and no token."""
