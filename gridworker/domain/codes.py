"""The code lists of places and people: households, residents, relations, consent.

Numbers are those of the source where it has any (domain.md 2.5): sex GB/T 2261.1, family relation GB/T 4761 with our L1
and L2 for people who are not kin, residence status and living arrangement as listed there. The rest are short words.
"""

from gridworker.record import CodeList
from gridworker.text import Label

SEX = CodeList(
    "sex",
    {"0": Label("Unknown sex"), "1": Label("Male"), "2": Label("Female"), "9": Label("Sex not stated")},
    first=("2", "1"),
)

RELATION = CodeList(
    "relation",
    {
        "01": Label("Self"), "02": Label("Head of household"), "03": Label("Head of collective household"),
        "10": Label("Spouse"), "11": Label("Husband"), "12": Label("Wife"),
        "20": Label("Son"), "21": Label("Only son"), "22": Label("Eldest son"), "23": Label("Second son"),
        "24": Label("Third son"), "25": Label("Fourth son"), "26": Label("Fifth son"),
        "27": Label("Adopted son or stepson"), "28": Label("Son-in-law"), "29": Label("Other son"),
        "30": Label("Daughter"), "31": Label("Only daughter"), "32": Label("Eldest daughter"),
        "33": Label("Second daughter"), "34": Label("Third daughter"), "35": Label("Fourth daughter"),
        "36": Label("Fifth daughter"), "37": Label("Adopted daughter or stepdaughter"),
        "38": Label("Daughter-in-law"), "39": Label("Other daughter"),
        "40": Label("Grandchild"), "41": Label("Grandson"), "42": Label("Granddaughter"),
        "43": Label("Daughter's son"), "44": Label("Daughter's daughter"),
        "45": Label("Grandson's wife"), "46": Label("Granddaughter's husband"),
        "47": Label("Great-grandson"), "48": Label("Great-granddaughter"), "49": Label("Other grandchild"),
        "50": Label("Parent"), "51": Label("Father"), "52": Label("Mother"),
        "53": Label("Husband's father"), "54": Label("Husband's mother"),
        "55": Label("Wife's father"), "56": Label("Wife's mother"),
        "57": Label("Stepfather or adoptive father"), "58": Label("Stepmother or adoptive mother"),
        "59": Label("Other parent"),
        "60": Label("Grandparent"), "61": Label("Father's father"), "62": Label("Father's mother"),
        "63": Label("Mother's father"), "64": Label("Mother's mother"), "65": Label("Spouse's grandparent"),
        "66": Label("Great-grandfather"), "67": Label("Great-grandmother"),
        "68": Label("Spouse's great-grandparent"), "69": Label("Other grandparent"),
        "70": Label("Brother or sister"), "71": Label("Elder brother"), "72": Label("Elder brother's wife"),
        "73": Label("Younger brother"), "74": Label("Younger brother's wife"), "75": Label("Elder sister"),
        "76": Label("Elder sister's husband"), "77": Label("Younger sister"), "78": Label("Younger sister's husband"),
        "79": Label("Other brother or sister"),
        "80": Label("Other relation"), "81": Label("Father's elder brother"),
        "82": Label("Father's elder brother's wife"), "83": Label("Father's younger brother"),
        "84": Label("Father's younger brother's wife"), "85": Label("Mother's brother"),
        "86": Label("Mother's brother's wife"), "87": Label("Mother's sister's husband"),
        "88": Label("Mother's sister"), "89": Label("Father's sister's husband"), "90": Label("Father's sister"),
        "97": Label("Other relative"), "99": Label("Not related"),
        "L1": Label("Carer or housekeeper"), "L2": Label("Flatmate"),
    },
    first=("02", "10", "20", "30", "38", "28", "40", "50", "60", "70", "80", "L1", "L2"),
)  # fmt: skip
"""How a member is related to the head. ``first`` is the short list of domain.md 2.5."""

HEAD = "02"
"""The relation of the head of a household."""

RESIDENCE_STATUS = CodeList(
    "residence_status",
    {
        "1": Label("Registered and living here"),
        "2": Label("Registered here, living elsewhere"),
        "3": Label("Living here, registered elsewhere"),
    },
)

LIVING_ARRANGEMENT = CodeList(
    "living_arrangement",
    {
        "1": Label("With family"),
        "2": Label("Living alone"),
        "3": Label("In a care home"),
        "4": Label("Elderly couple, children away"),
        "5": Label("Grandparents with grandchildren"),
        "6": Label("Shared flat"),
    },
)
ALONE = "2"
EMPTY_NEST = "4"

RESIDENT_KIND = CodeList(
    "resident_kind",
    {"permanent": Label("Permanent resident"), "floating": Label("Floating resident"), "lodging": Label("Lodger")},
)

RESIDENT_STATUS = CodeList(
    "resident_status",
    {"in_place": Label("Living here"), "moved_out": Label("Moved out"), "deceased": Label("Deceased")},
)

HOUSEHOLD_STATUS = CodeList("household_status", {"active": Label("Living here"), "moved_out": Label("Moved out")})

OFFICIAL_LEDGER = "official_ledger"

BASIS = CodeList(
    "basis",
    {
        "own_entry": Label("Told us themselves"),
        "family": Label("Told us by family"),
        OFFICIAL_LEDGER: Label("Official ledger"),
        "visit": Label("Found on a visit, with consent"),
    },
)
"""Where what is known of a resident comes from (domain.md, decision 4)."""

VISIT_WISH = CodeList(
    "visit_wish",
    {"welcome": Label("Visits welcome"), "phone_only": Label("Phone only"), "not_wanted": Label("No visits wanted")},
)
"""No value means nobody asked yet: as ``welcome``."""

CONSENT_PURPOSE = CodeList(
    "consent_purpose",
    {
        "file": Label("Keep a household file"),
        "visits": Label("Regular visits"),
        "care": Label("Care and support"),
        "agency": Label("Handle a matter for them"),
        "issue": Label("Deal with an issue"),
    },
)

CONSENT_SCOPE = CodeList(
    "consent_scope",
    {
        "basic": Label("Name, relation and year of birth"),
        "birth_date": Label("Date of birth"),
        "phone": Label("Phone"),
        "id_number": Label("ID number"),
        "care": Label("Care needs"),
        "photos": Label("Photos"),
    },
)
"""What a consent covers; ``domain/consent_rules.py`` says which fields each one opens."""

CONSENT_METHOD = CodeList(
    "consent_method",
    {"oral": Label("Spoken"), "written": Label("In writing"), "guardian": Label("By the guardian")},
)
