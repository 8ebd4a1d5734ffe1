"""Message catalogues (gettext). Compiled by the build hook; read through `cogs.text`."""
