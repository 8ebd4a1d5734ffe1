"""What must never be readable in a log or on a terminal: known secrets in every spelling, and what is shaped like one.

It works on finished text, after everything else has been rendered, so that no path around it exists. It must not
import anything that logs.
"""

import base64
import json
import re
from collections.abc import Iterable

from pydantic import SecretStr

Secret = str | bytes | SecretStr

MASK = "[redacted]"

MIN_SECRET_LENGTH = 6
"""Shorter values are not taken: they would black out ordinary words."""

_COLOUR = r"\x1b\[[0-9;]*m"
# What stands between a header's name and its value: a separator, with quotes, spaces and a terminal's colours around.
_THEN = rf"(?:{_COLOUR}|\s)*['\"\\:=,](?:{_COLOUR}|[\s'\"\\:=,(\[])*"
# Where a word begins; `\b` would not see it behind a colour, which ends in a letter.
_BEGIN = r"(?:(?<![\w-])|(?<=\x1b\[\dm)|(?<=\x1b\[\d\dm))"

# A bot token is base64 of the numeric id, of a timestamp and of a signature. A number in base64 begins with M, N or O.
_TOKEN = re.compile(rf"{_BEGIN}(?:mfa\.[\w-]{{20,}}|[MNO][\w-]{{22,35}}\.[\w-]{{5,8}}\.[\w-]{{25,}})")
_AUTHORIZATION = re.compile(rf"(authorization{_THEN}(?:(?:bot|bearer|token|basic)\s+)?)[\w.~+/=-]+", re.IGNORECASE)
_WEBHOOK = re.compile(r"(/webhooks/\d+/)[\w.~%=-]+")
_INTERACTION = re.compile(r"(/interactions/\d+/)[\w.~%=-]+")
# Base64 of "interaction:", with which every interaction token begins.
_INTERACTION_TOKEN = re.compile(r"aW50ZXJhY3Rpb246[\w%=-]+")
_TOKEN_FIELD = re.compile(r"(['\"]token\\?['\"]\s*:\s*\\?['\"])[^'\"\\]+", re.IGNORECASE)


class Redactor:
    """Removes secrets from text. Secrets can be added while it is in use."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._spellings: frozenset[str] = frozenset()
        self._known: re.Pattern[str] | None = None
        self.protect(*secrets)

    def protect(self, *secrets: Secret) -> None:
        """Remove these values as well from now on, in plain, escaped, hexadecimal and base64 spelling."""
        spellings = set(self._spellings)
        for secret in secrets:
            spellings |= _spellings(secret)
        self._spellings = frozenset(spellings)
        # Longest first: a spelling that begins with a shorter one must go as a whole.
        longest_first = sorted(self._spellings, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def clean(self, text: str) -> str:
        """Return `text` with every secret replaced by a mask."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        text = _WEBHOOK.sub(rf"\1{MASK}", text)
        text = _INTERACTION.sub(rf"\1{MASK}", text)
        text = _AUTHORIZATION.sub(rf"\1{MASK}", text)
        text = _TOKEN_FIELD.sub(rf"\1{MASK}", text)
        text = _INTERACTION_TOKEN.sub(MASK, text)
        return _TOKEN.sub(MASK, text)


def _spellings(secret: Secret) -> set[str]:
    if isinstance(secret, SecretStr):
        secret = secret.get_secret_value()
    if len(secret) < MIN_SECRET_LENGTH:
        return set()
    found: set[str] = set()
    if isinstance(secret, str):
        found.add(secret)
        secret = secret.encode("utf-8", "surrogatepass")
    found |= {repr(secret)[2:-1], secret.hex(), secret.hex().upper()}
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(secret).decode("ascii")
        found |= {encoded, encoded.rstrip("=")}
    # Twice: a value can be quoted in a text that is itself quoted in a line of JSON.
    return _escaped(_escaped(found))


def _escaped(texts: set[str]) -> set[str]:
    found = set(texts)
    for text in texts:
        found |= {repr(text)[1:-1], json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    return found
