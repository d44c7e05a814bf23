"""States of bundles and of keys, as the store keeps them."""

SENT, CONFIRMED, MERGED, PAST = "sent", "confirmed", "merged", "past"
"""Of a bundle: written and not confirmed; confirmed by the other side's receipt; taken in here; and sent, but a later
one stands for it, or to or from a former life of a device."""

ACTIVE, RETIRED, REVOKED = "active", "retired", "revoked"
"""Of a laptop's keys."""
