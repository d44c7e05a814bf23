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

EMPLOYMENT = CodeList("employment", {"full": Label("Full-time"), "part": Label("Part-time")})

DEVICE_STATE = CodeList(
    "device_state", {"active": Label("In use"), "retired": Label("Retired"), "revoked": Label("Revoked")}
)

AUDIT_ACTION = CodeList(
    "audit_action",
    {
        "login": Label("Opened the store"),
        "login_failed": Label("Wrong passphrase typed"),
        "lock": Label("Locked"),
        "reveal": Label("Showed a masked value"),
        "search": Label("Searched"),
        "create": Label("Created"),
        "edit": Label("Changed"),
        "delete": Label("Deleted"),
        "restore": Label("Brought back"),
        "undo": Label("Undid"),
        "import": Label("Imported a roster"),
        "export": Label("Exported"),
        "print": Label("Printed"),
        "pack": Label("Packed a bundle"),
        "merge": Label("Merged a bundle"),
        "resolve": Label("Settled a conflict"),
        "erase": Label("Erased"),
        "enrol": Label("Enrolled a device"),
        "revoke": Label("Revoked a device"),
        "role": Label("Changed a role"),
        "settings": Label("Changed a setting"),
        "key": Label("Changed a key"),
        "backup": Label("Backed up"),
    },
)
