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

# What may stand between a header's name and its value: quotes, separators and a terminal's colour codes.
_BETWEEN = r"(?:\x1b\[[0-9;]*m|[\s'\"\\:=,(\[])+"

# A bot token is base64 of the numeric id, of a timestamp and of a signature. A number in base64 begins with M, N or O.
_TOKEN = re.compile(r"\b(?:mfa\.[\w-]{20,}|[MNO][\w-]{22,35}\.[\w-]{5,8}\.[\w-]{25,})")
_AUTHORIZATION = re.compile(
    rf"(authorization{_BETWEEN}(?:(?:bot|bearer|token|basic){_BETWEEN})?)[\w.~+/=-]+", re.IGNORECASE
)
_WEBHOOK = re.compile(r"(/webhooks/\d+/)[\w.~%=-]+")
_INTERACTION = re.compile(r"(/interactions/\d+/)[\w.~%=-]+")
# Base64 of "interaction:", with which every interaction token begins.
_INTERACTION_TOKEN = re.compile(r"\baW50ZXJhY3Rpb246[\w%=-]+")
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
        found |= {secret, repr(secret)[1:-1], json.dumps(secret)[1:-1]}
        secret = secret.encode("utf-8", "surrogatepass")
    raw = repr(secret)[2:-1]
    found |= {raw, raw.replace("\\", "\\\\"), secret.hex(), secret.hex().upper()}
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(secret).decode("ascii")
        found |= {encoded, encoded.rstrip("=")}
    return found
