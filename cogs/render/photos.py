"""Words for photos, and which of them is shown. Pure."""

from collections.abc import Iterable

from cogs.render.inert import shortened
from cogs.text import Locale
from domain.damage import DamageReport

ALT_MAX = 1024
"""Characters of an attachment's description that Discord keeps."""


def newest_pictured(reports: Iterable[DamageReport]) -> DamageReport | None:
    """The newest report that has a photo."""
    return max((report for report in reports if report.evidence), key=lambda report: report.number, default=None)


def alt_text(report: DamageReport, locale: Locale) -> str:
    """What a screen reader says of a report's photo. It is plain text: nothing in it is markdown, so nothing is escaped."""
    _ = locale.text
    said = _("Photo of {report}: {what}", report=report.label, what=report.component or report.summary)
    return shortened(" ".join(said.split()), ALT_MAX)
