"""Keep the message catalogues in step with the sources.

English is the source text: the message ids are the sentences in the code, and `locales/gantry.pot` is the list of them.
A language is a folder `locales/<language>/LC_MESSAGES/gantry.po`.

    python tools/messages.py update             read the sources, write the template, merge it into every language
    python tools/messages.py update --add ru    the same, and begin a new language
    python tools/messages.py check              fail when `update` would change anything, or a translation is unusable

Dates and line numbers are left out of the files, so that only a changed sentence changes them.
"""

import argparse
import io
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.core import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
DOMAIN = "gantry"
SOURCES = ("bot", "cogs", "demo")
# `_` and `ngettext` look a sentence up; `N_`, `NN_` and `T_` (slash command descriptions) only mark it.
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "T_": None,
    "ngettext": (1, 2),
    "NN_": (1, 2),
}
COMMENT_TAG = "Translators:"
# Lines of a header that change by themselves, or that babel fills with placeholders.
UNSTEADY = re.compile(
    rb'^"(POT-Creation-Date|Generated-By|Project-Id-Version|[A-Za-z-]+: .*(EMAIL@ADDRESS|li[.]org|YEAR-MO-DA)).*\n',
    re.MULTILINE,
)


def main(arguments: list[str]) -> int:
    """Update or check the catalogues; return the exit code."""
    parser = argparse.ArgumentParser(description="Keep the message catalogues in step with the sources.")
    parser.add_argument("action", choices=["update", "check"])
    parser.add_argument("--add", metavar="LANGUAGE", help="begin a new language (with update)")
    options = parser.parse_args(arguments)
    if options.action == "check":
        problems = find_problems(ROOT)
        for problem in problems:
            print(problem, file=sys.stderr)
        return 1 if problems else 0
    if options.add:
        begin(ROOT, options.add)
    for path, content in wanted_files(ROOT).items():
        path.write_bytes(content)
    return 0


def begin(root: Path, language: str) -> None:
    """Make an empty catalogue for a language, unless it has one."""
    path = root / "locales" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        locale = Locale.parse(language, sep="-")
        header = f"# Every sentence Gantry says, in {locale.english_name}. `make messages` keeps it in step with the sources."
        catalogue = Catalog(locale=locale, domain=DOMAIN, project="Gantry", header_comment=header, fuzzy=False)
        path.write_bytes(written(catalogue))


def wanted_files(root: Path) -> dict[Path, bytes]:
    """Return every catalogue file as the present sources want it."""
    template = extract(root)
    files = {template_path(root): written(template)}
    for path in language_paths(root):
        catalogue = read(path)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()  # what is no longer said is found in git
        files[path] = written(catalogue)
    return files


def find_problems(root: Path) -> list[str]:
    """Return what is wrong with the catalogues, one sentence each."""
    problems = [
        f"{path.relative_to(root)} is not up to date with the sources: run make messages"
        for path, content in wanted_files(root).items()
        if not path.exists() or path.read_bytes() != content
    ]
    for path in language_paths(root):
        problems.extend(f"{path.relative_to(root)}: {problem}" for problem in translation_problems(read(path)))
    return problems


def translation_problems(catalogue: Catalog) -> Iterator[str]:
    """Name each translation that is only a guess, or whose placeholders are not those of its English sentence."""
    for message in catalogue:
        if not message.id or not any(texts(message.string)):
            continue
        if message.fuzzy:
            yield f"is marked fuzzy: {texts(message.id)[0]!r}"
        allowed = set().union(*map(placeholders, texts(message.id)))
        for text in texts(message.string):
            if text and not placeholders(text) <= allowed:
                yield f"has a placeholder its English sentence lacks: {text!r}"
        if not isinstance(message.id, tuple) and placeholders(texts(message.string)[0]) != allowed:
            yield f"lacks a placeholder of its English sentence: {texts(message.string)[0]!r}"


def placeholders(text: str) -> set[str]:
    """Return the names in braces; a brace that does not close counts as one, so that it is noticed."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {"{"}


def texts(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """Return a message's text or texts (singular, plural) as a tuple."""
    return (value,) if isinstance(value, str) else tuple(value or ("",))


def extract(root: Path) -> Catalog:
    """Read every marked sentence from the sources, each file named once, without line numbers."""
    catalogue = Catalog(domain=DOMAIN, project="Gantry", charset="utf-8", fuzzy=False)
    catalogue.header_comment = "# Every sentence Gantry says, in English. Made by `make messages`; do not edit."
    for folder in SOURCES:
        found = extract_from_dir(
            root / folder, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=(COMMENT_TAG,)
        )
        for name, _line, message, comments, context in sorted(found, key=lambda entry: entry[:2]):
            catalogue.add(message, None, [(f"{folder}/{name}", 1)], auto_comments=comments, context=context)
    return catalogue


def read(path: Path) -> Catalog:
    """Read one language's catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name.replace("-", "_"), domain=DOMAIN)


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as the bytes of its file, the same for the same sentences."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, sort_output=True, include_lineno=False)
    return UNSTEADY.sub(b"", buffer.getvalue())


def template_path(root: Path) -> Path:
    """Where the template is."""
    return root / "locales" / f"{DOMAIN}.pot"


def language_paths(root: Path) -> list[Path]:
    """Return each language's catalogue."""
    return sorted(root.glob(f"locales/*/LC_MESSAGES/{DOMAIN}.po"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
