"""How people come into a household and leave it (domain.md 1.5, 75: moved in, out, born, died)."""

from gridworker.record import CodeList
from gridworker.text import Label

BORN, MOVED_IN, SPLIT_OFF, JOINED = "born", "moved_in", "split_off", "joined"
DIED, MOVED_OUT = "died", "moved_out"

CAME_BY = CodeList(
    "came_by",
    {
        BORN: Label("Born"),
        MOVED_IN: Label("Moved in"),
        SPLIT_OFF: Label("Made a household of their own"),
        JOINED: Label("Came from another household"),
    },
)
"""No value: written down without saying, as a roster does."""

LEFT_BY = CodeList(
    "left_by",
    {
        DIED: Label("Died"),
        MOVED_OUT: Label("Moved out"),
        SPLIT_OFF: Label("Made a household of their own"),
        JOINED: Label("Went to another household"),
    },
)

ROSTER_CHANGE = CodeList("roster_change", {**CAME_BY.labels, **LEFT_BY.labels})
"""What a visit changed in who lives there (domain.md 4.3)."""
