"""The code lists of issues (domain.md 2.5, 3.1, 3.4): categories, tracks, severity, steps."""

from types import MappingProxyType

from gridworker.record import CodeList
from gridworker.text import Label

CATEGORY = CodeList(
    "category",
    {
        "A": Label("Security hazard"),
        "B": Label("Dispute"),
        "C": Label("Safety hazard"),
        "D": Label("Care case found"),
        "E": Label("Livelihood service"),
        "F": Label("Environment and facilities"),
        "G": Label("Opinions and policy questions"),
        "H": Label("Emergency"),
        "Z": Label("Other"),
    },
)

TRACK = CodeList(
    "track",
    {
        "F1": Label("Security hazard, check first"),
        "F2": Label("Dispute, mediate first"),
        "F3": Label("Safety hazard, fix first"),
        "F4": Label("Care, open a file first"),
    },
)
"""The four firsts of the paper. No value: none of the four."""

TRACK_OF = MappingProxyType({"A": "F1", "B": "F2", "C": "F3", "D": "F4", "H": "F3"})
"""The track a category starts on (domain.md 3.1)."""

SEVERITY = CodeList(
    "severity",
    {
        "S1": Label("Urgent"),
        "S2": Label("Soon"),
        "S3": Label("Normal"),
        "S4": Label("Normal (advice)"),
    },
    first=("S4", "S3", "S2", "S1"),
)
"""By effect: S1 danger to life, S2 several households or growing, S3 one household, S4 a question or suggestion."""

WORDED = ("S3", "S2", "S1")
"""The severities a chip has a word of its own for."""


def severity_word(code: str) -> Label:
    """The word of a chip: three words for the four severities (decision 4)."""
    return Label("Normal") if code == "S4" else SEVERITY.labels.get(code, Label("Normal"))


SCALE = CodeList("scale", {"01": Label("One person's matter"), "02": Label("A group"), "03": Label("A large group")})
"""GB/T 31000 event scale."""

SOURCE_CHANNEL = CodeList(
    "source_channel",
    {
        "visit": Label("Found on a visit"),
        "resident": Label("A resident told us"),
        "hotline": Label("Hotline or 12345"),
        "sms": Label("Text message"),
        "wechat": Label("WeChat"),
        "web": Label("Website"),
        "superior": Label("From above"),
        "digital_city": Label("City management"),
        "department": Label("From another department"),
        "manual": Label("Typed in"),
    },
)

VISIBILITY = CodeList(
    "visibility",
    {"grid": Label("The grid and the office"), "office": Label("The office only"), "public": Label("May be published")},
)

PARTY_ROLE = CodeList(
    "party_role",
    {
        "party": Label("Party"),
        "reporter": Label("Reporter"),
        "affected": Label("Affected"),
        "witness": Label("Witness"),
        "mediator": Label("Mediator"),
        "other": Label("Other"),
    },
)

ACTION = CodeList(
    "action",
    {
        "report": Label("Reported"),
        "first_response": Label("First response"),
        "accept": Label("Accepted"),
        "assign": Label("Assigned"),
        "handle": Label("Step taken"),
        "refer": Label("Passed on"),
        "suspend": Label("Put on hold"),
        "resolve": Label("Resolved"),
        "verify": Label("Verified"),
        "schedule_return": Label("Return visit planned"),
        "return_visit": Label("Return visit"),
        "close": Label("Closed"),
        "reopen": Label("Reopened"),
        "reject": Label("Not taken on"),
        "note": Label("Remark"),
    },
)
"""What a step does; ``domain/issue_flow.py`` says when it may be done."""

RESULT = CodeList(
    "result",
    {
        "substantial": Label("Solved"),
        "staged": Label("Solved in part"),
        "procedural": Label("Explained or passed on"),
        "stopped": Label("Stopped"),
    },
)
"""How a resolved issue ended (domain.md 2.5, completion)."""

SOLVE_METHOD = CodeList(
    "solve_method",
    {
        "explained": Label("Policy explained"),
        "calmed": Label("Feelings eased"),
        "mediated": Label("Dispute mediated"),
        "done": Label("Done on the spot"),
        "repaired": Label("Repaired or removed"),
        "referred": Label("Solved by the body it was passed on to"),
        "lawful": Label("By arbitration or a court"),
        "other": Label("Other"),
    },
)
"""How an issue was solved: the measures of the paper (domain.md 1.5, 76), and where it ended otherwise."""

CO_ORG = CodeList(
    "co_org",
    {
        "party": Label("Community Party organisation"),
        "committee": Label("Residents' committee"),
        "station": Label("Community service station"),
        "unit": Label("Resident unit"),
        "property": Label("Property company"),
        "owners": Label("Owners' committee"),
        "society": Label("Community association"),
        "residents": Label("Residents"),
    },
)
"""The eight kinds of body that act together (domain.md 1.1, 18)."""

RETURN_METHOD = CodeList(
    "return_method",
    {
        "door": Label("At the door"),
        "phone": Label("By phone"),
        "written": Label("In writing"),
        "spoken": Label("Spoken"),
    },
)
