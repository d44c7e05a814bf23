"""The code lists of visits (domain.md 4.3 and decision 4)."""

from gridworker.record import CodeList
from gridworker.text import Label

CHANNEL = CodeList(
    "channel",
    {
        "door": Label("At the door"),
        "phone": Label("By phone"),
        "video": Label("By video"),
        "office": Label("At the office"),
        "street": Label("Met on the way"),
    },
)

VISIT_KIND = CodeList(
    "visit_kind",
    {
        "routine": Label("Regular visit"),
        "talk": Label("Heart-to-heart talk"),
        "care": Label("Care visit"),
        "new": Label("Newly moved in"),
        "return": Label("Return visit"),
        "policy": Label("Policy news"),
        "safety": Label("Safety check"),
        "roster": Label("Checking the roster"),
        "merchant": Label("Shop visit"),
        "comfort": Label("Holiday or hardship call"),
        "other": Label("Other"),
    },
    first=("routine", "return", "roster", "policy", "care"),
)

OUTCOME = CodeList(
    "outcome",
    {
        "met_person": Label("Met the resident"),
        "met_family": Label("Met family"),
        "met_neighbour": Label("Met a neighbour"),
        "nobody_home": Label("Nobody home"),
        "declined": Label("Politely declined"),
        "postponed": Label("Another time"),
        "moved_away": Label("Has moved away"),
        "wrong_address": Label("Wrong address"),
    },
)

CHECK_MARK = CodeList(
    "check_mark", {"ok": Label("Fine"), "problem": Label("Problem"), "not_checked": Label("Not checked")}
)

HOME_CHECK = CodeList(
    "home_check",
    {
        "gas": Label("Gas"),
        "power": Label("Electricity"),
        "fire": Label("Fire and smoke alarm"),
        "passage": Label("Passage kept clear"),
        "doors": Label("Doors and windows"),
        "grab_rail": Label("Grab rails"),
    },
)
"""The keys of ``visit.home_checks``; the office may add its own, so the field itself takes any key."""

TOPIC = CodeList(
    "topic",
    {
        "daily_life": Label("Daily life"),
        "health_care": Label("Seeing a doctor"),
        "work": Label("Work"),
        "school": Label("School"),
        "housing": Label("Housing and repairs"),
        "allowance": Label("Allowances"),
        "neighbours": Label("Neighbours"),
        "property": Label("Property management"),
        "safety": Label("Safety at home"),
        "fraud": Label("Fraud warning"),
        "culture": Label("Culture and sport"),
        "policy": Label("Policy news"),
        "opinion": Label("Opinions and wishes"),
        "comfort": Label("Company and comfort"),
        "other": Label("Other"),
    },
)

MEASURE = CodeList(
    "measure",
    {
        "explained": Label("Policy explained"),
        "calmed": Label("Feelings eased"),
        "mediated": Label("Dispute mediated"),
        "done": Label("Done on the spot"),
        "referred": Label("Passed on"),
    },
)

SATISFACTION = CodeList(
    "satisfaction",
    {"3": Label("Satisfied"), "2": Label("Mostly satisfied"), "1": Label("Not satisfied"), "0": Label("Not reached")},
)

CONFIRMED_BY = CodeList(
    "confirmed_by", {"signature": Label("Signature"), "spoken": Label("Spoken"), "none": Label("Not confirmed")}
)
