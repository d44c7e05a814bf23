"""What does not belong in free text: said while it is typed, and stops nobody (domain.md 7.2, 7.4)."""

from gridworker.domain.findings import text_findings


def remarks(*texts: str) -> tuple[str, ...]:
    """Each thing to say about some texts, once: numbers that have a place of their own, labels on people."""
    found = [str(finding) for text in texts for finding in text_findings("", text)]
    return tuple(dict.fromkeys(found))
