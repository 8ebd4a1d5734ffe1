"""Build hook: compiles the message catalogues, so that every way of installing has them.

It runs for wheels, source archives and editable installs alike; `locales/<language>/LC_MESSAGES/gantry.mo` is written
beside its `.po` and never committed.
"""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DOMAIN = "gantry"


def compile_catalogues(locales: Path) -> list[Path]:
    """Compile every catalogue under `locales` and return the files written. Fuzzy entries are left out."""
    written: list[Path] = []
    for source in sorted(locales.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        language = source.parent.parent.name.replace("-", "_")
        with source.open("rb") as file:
            catalogue = read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)
        target = source.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, catalogue)
        written.append(target)
    return written


class CatalogueHook(BuildHookInterface[Any]):
    """What hatchling calls before it builds."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogues; `artifacts` in pyproject.toml takes them along."""
        del version, build_data  # the same for every kind of build
        compile_catalogues(Path(self.root) / "locales")
