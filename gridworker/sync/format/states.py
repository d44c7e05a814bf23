"""States of bundles and of keys, as the store keeps them."""

SENT, CONFIRMED, MERGED, PAST, REFUSED = "sent", "confirmed", "merged", "past", "refused"
"""Of a bundle: written and not confirmed; confirmed by the other side's receipt; taken in here; sent, but a later one
stands for it, or to or from a former life of a device; and sent, but it did not check: the next one covers it."""

ACTIVE, RETIRED, REVOKED = "active", "retired", "revoked"
"""Of a laptop's keys."""
