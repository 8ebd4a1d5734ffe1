"""Discord's refusals: HTTP status, code and words, as its documentation lists them."""

from enum import Enum
from typing import Any


class Refusal(Enum):
    """One way of being refused."""

    UNAUTHORIZED = (401, 0, "401: Unauthorized")
    NOT_FOUND = (404, 0, "404: Not Found")
    UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
    UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
    UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
    UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
    UNKNOWN_USER = (404, 10013, "Unknown User")
    UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
    UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
    UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
    TOO_LARGE = (413, 40005, "Request entity too large")
    ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged.")
    MISSING_ACCESS = (403, 50001, "Missing Access")
    NOT_AUTHOR = (403, 50005, "Cannot edit a message authored by another user")
    EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
    CANNOT_WRITE_TO_USER = (403, 50007, "Cannot send messages to this user")
    MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
    WRONG_CHANNEL_TYPE = (400, 50024, "Cannot execute action on this channel type")
    INVALID_WEBHOOK_TOKEN = (401, 50027, "Invalid Webhook Token")
    INVALID_FORM_BODY = (400, 50035, "Invalid Form Body")
    THREAD_ARCHIVED = (400, 50083, "Thread is archived")
    INVALID_JSON = (400, 50109, "The request body contains invalid JSON.")
    THREAD_EXISTS = (400, 160004, "A thread has already been created for this message")
    THREAD_LOCKED = (400, 160005, "Thread is locked")


class Refused(Exception):  # noqa: N818 - an answer, not a fault of ours
    """The answer is this refusal. `errors` names the fields of an invalid form."""

    def __init__(self, refusal: Refusal, errors: dict[str, str] | None = None) -> None:
        super().__init__(refusal.value[2])
        self.status, self.code, self.message = refusal.value
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """As Discord says it."""
        said: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors:
            said["errors"] = {
                name: {"_errors": [{"code": "BASE_TYPE_BAD", "message": words}]} for name, words in self.errors.items()
            }
        return said


def invalid(**fields: str) -> Refused:
    """An invalid form, with what is wrong about each field."""
    return Refused(Refusal.INVALID_FORM_BODY, fields)
