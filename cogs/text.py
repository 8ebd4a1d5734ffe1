"""Words in the reader's language: gettext catalogues, read once, and a Locale that speaks one of them.

English is the source text, so it needs no catalogue; a sentence without a translation is shown in English.
"""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from types import MappingProxyType

DOMAIN = "gantry"
SOURCE_LANGUAGE = "en"


def N_(message: str) -> str:  # noqa: N802 - gettext's customary name for "translate later"
    """Mark a sentence for the catalogue where it is declared; `Locale.text` translates it where it is shown."""
    return message


@dataclass(frozen=True, slots=True, eq=False)
class Locale:
    """One language's words. There is one for each language, so that it is itself a key of what was said in it."""

    language: str
    _catalogue: gettext.NullTranslations
    _plain: dict[str, str] = field(default_factory=dict)
    """Sentences without values as they were said before: as many as there are in the catalogue."""

    def text(self, message: str, /, **values: object) -> str:
        """The sentence in this language, with its placeholders filled in."""
        if values:
            return self._catalogue.gettext(message).format(**values) if message else ""
        said = self._plain.get(message)
        if said is None:
            said = self._plain[message] = self._catalogue.gettext(message).format() if message else ""
        return said

    def ngettext(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The sentence in the form that `number` asks for; `{number}` is filled in."""
        return self._catalogue.ngettext(one, many, number).format(number=number, **values)


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Every language this Gantry speaks."""

    _locales: Mapping[str, Locale]

    @property
    def languages(self) -> frozenset[str]:
        """Language codes, as subscriptions name them."""
        return frozenset(self._locales)

    def locale(self, language: str) -> Locale:
        """The Locale for a language or a Discord locale ("de", "en-GB"); English where there is none."""
        return (
            self._locales.get(language)
            or self._locales.get(language.split("-", maxsplit=1)[0])
            or self._locales[SOURCE_LANGUAGE]
        )


def load_catalogues() -> Catalogues:
    """Read every compiled catalogue that was installed with the program."""
    locales = {SOURCE_LANGUAGE: Locale(SOURCE_LANGUAGE, gettext.NullTranslations())}
    with as_file(files("locales")) as folder:
        for compiled in sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")):
            with compiled.open("rb") as file:
                language = compiled.parent.parent.name
                locales[language] = Locale(language, gettext.GNUTranslations(file))
    return Catalogues(MappingProxyType(locales))
