"""The code lists of the office: roles of staff, states of devices, audited actions (domain.md 7.5, 7.6)."""

from gridworker.record import CodeList
from gridworker.text import Label

STAFF_ROLE = CodeList(
    "staff_role",
    {
        "grid_worker": Label("Grid worker"),
        "building_head": Label("Building head"),
        "branch_secretary": Label("Grid branch secretary"),
        "office": Label("Community office"),
        "duty": Label("Duty officer"),
        "volunteer": Label("Volunteer"),
        "auditor": Label("Auditor"),
        "administrator": Label("Administrator"),
    },
)

EXPORT_PURPOSE = CodeList(
    "export_purpose",
    {
        "visit": Label("Visits at the door"),
        "check": Label("Checking the ledger"),
        "report": Label("Report to the street office"),
        "archive": Label("For the archive"),
        "request": Label("Asked for by the person concerned"),
        "inspection": Label("For an inspection"),
        "unsaid": Label("Not said"),
    },
    first=("visit", "check", "report", "archive", "request", "inspection"),
)
"""What an export is for: a list and no free text, so that nobody's name gets into the audit."""

KEEP_REASON = CodeList(
    "keep_reason",
    {
        "law": Label("The law has it kept longer"),
        "needed": Label("Needed for what is being done for them"),
        "open": Label("An issue or a dispute is not closed yet"),
        "not_entitled": Label("Neither they nor anybody in their name asked"),
        "changed_mind": Label("They do not wish it any more"),
    },
    first=("law", "needed", "open", "not_entitled", "changed_mind"),
)
"""Why the office keeps what somebody wished to be forgotten: who asked has a right to be told (PIPL 50)."""

EMPLOYMENT = CodeList("employment", {"full": Label("Full-time"), "part": Label("Part-time")})

DEVICE_STATE = CodeList(
    "device_state", {"active": Label("In use"), "retired": Label("Retired"), "revoked": Label("Lost or stolen")}
)

HANDOVER_WAITING, HANDOVER_DONE, HANDOVER_DECLINED = "waiting", "done", "declined"

HANDOVER_STATE = CodeList(
    "handover_state",
    {
        HANDOVER_WAITING: Label("Waits for the office"),
        HANDOVER_DONE: Label("Handed over"),
        HANDOVER_DECLINED: Label("Declined"),
    },
)

AUDIT_ACTION = CodeList(
    "audit_action",
    {
        "login": Label("Opened the store"),
        "login_failed": Label("Wrong passphrase typed"),
        "lock": Label("Locked the screen"),
        "reveal": Label("Showed a masked value"),
        "search": Label("Searched by name or number"),
        "create": Label("Created a record"),
        "edit": Label("Changed a record"),
        "delete": Label("Deleted a record"),
        "restore": Label("Brought a record back"),
        "undo": Label("Undid an act"),
        "import": Label("Imported a roster"),
        "export": Label("Exported data"),
        "print": Label("Printed a page"),
        "pack": Label("Packed a bundle"),
        "merge": Label("Merged a bundle"),
        "resolve": Label("Settled a conflict"),
        "same": Label("Decided on what is on the books twice"),
        "erase": Label("Erased a record"),
        "erase_request": Label("Asked for an erasure"),
        "erase_declined": Label("Declined an erasure"),
        "erase_withdrawn": Label("Took back a request for an erasure"),
        "retention": Label("Let go of what was kept long enough"),
        "compact": Label("Let go of values that were replaced"),
        "evict": Label("Removed what left the scope"),
        "enrol": Label("Enrolled a laptop"),
        "scope": Label("Changed grids"),
        "revoke": Label("Reported a laptop lost or stolen"),
        "role": Label("Changed a role"),
        "settings": Label("Changed a setting"),
        "key": Label("Changed a key"),
        "backup": Label("Made a backup"),
        "log_fault": Label("Found the log altered or damaged"),
        "put_back": Label("Put a backup back"),
        "rescue": Label("Took records out of a damaged store"),
        "let_go": Label("Let go of files"),
        "verdict": Label("Ruled on changes set aside"),
        "return": Label("Took back what this laptop had sent"),
        "set_back": Label("Began anew, for a laptop had what this office lost"),
        "reissue": Label("Numbered anew what was written twice"),
        "approval_asked": Label("Asked for the approval of an export"),
        "approval": Label("Approved an export"),
        "audit_export": Label("Exported the audit log"),
    },
)

AUDIT_DETAIL = CodeList(
    "audit_detail",
    {
        "number": Label("By the end of a number"),
        "minors": Label("With under-14s"),
        "full": Label("Numbers in full"),
        "approved": Label("With the office's code"),
        "report": Label("Report of an import"),
        "unwritten": Label("Nothing was written"),
        "passphrase": Label("Passphrase changed"),
        "person added": Label("Passphrase of another person added"),
        "person removed": Label("Passphrase of a person taken away"),
        "vouched": Label("A second person vouched for it"),
        "draft handed-on": Label("Something half written handed on"),
        "recovery made": Label("Recovery sheet made"),
        "recovery tested": Label("Recovery sheet tested"),
        "recovery renewed": Label("Recovery sheet in force"),
        "recovered": Label("New passphrase by the recovery sheet"),
        "recovered office": Label("The office let in again by the recovery sheet"),
        "reset": Label("Forgotten passphrase reset"),
        "escrow renewed": Label("Key for forgotten passphrases made anew"),
        "data-key asked": Label("New data key asked for"),
        "data-key renewed": Label("Data key made anew"),
        "key files set back": Label("Key files of an earlier time"),
        "key files changed": Label("Key files changed while the data were closed"),
        "export_cap": Label("People in an export without a code"),
        "export_preset": Label("Form of a ledger"),
        "second_place": Label("Second place for backups"),
        "second_place none": Label("No second place for backups any more"),
        "watched_folder": Label("Shared folder"),
        "watched_folder none": Label("No shared folder any more"),
        "short_ids": Label("ID numbers kept short"),
        "different": Label("They are different"),
        "asked again": Label("To be asked again"),
        "joined": Label("One with somebody who was erased"),
        "lock_minutes": Label("Minutes until it locks"),
        "reveal_once": Label("How a masked number is shown"),
        "reveal_once on": Label("A masked number is shown for 10 seconds at a press"),
        "reveal_once off": Label("A masked number is shown while held"),
        "accepted": Label("Accepted"),
        "refused": Label("Not accepted"),
        "waiting": Label("Waits for what it needs"),
        "file": Label("The file of the store"),
        "journal": Label("Entries of the journal"),
        "log": Label("Entries of the log"),
        "tables": Label("Tables that differ from the log"),
        "erasures": Label("Something erased that was there again"),
        "read_only": Label("In a window that only showed"),
        "no_mark": Label("The mark beside the store was missing"),
        "mark_damaged": Label("The mark beside the store was damaged"),
        "other_nonce": Label("The store was of another time than its mark"),
        "other_machine": Label("On another computer than before"),
        "copied": Label("The store was a copy"),
        "behind": Label("The store was older than when it was closed"),
        "forked": Label("Another store than the one that was closed"),
        "log_missing": Label("The write-ahead log was missing"),
        "ids_spent": Label("The clock had run to its end"),
    },
)
"""What the audit adds to an act (``AuditEvent.detail``), in words; numbers of bundles and backups stand beside it."""
