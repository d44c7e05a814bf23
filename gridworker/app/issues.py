"""Issues from report to closing. What a visit needs to raise one stands in ``app/issue_report.py``."""

from gridworker.app.issue_report import IssueDraft, report_changes
from gridworker.app.session import Session

__all__ = ["IssueDraft", "Issues", "report_changes"]


class Issues:
    """The issues this store knows of and what is done about them."""

    def __init__(self, session: Session) -> None:
        self._session = session
