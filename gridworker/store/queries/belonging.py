"""Who belongs to a household on a day, as every query asks it."""


def belongs(membership: str = "m", today: str = ":today") -> str:
    """What is true of a membership that is not over, as ``domain.household_member.is_over`` has it.

    It asks for ``valid_to`` alone, which the indexes over homes and people carry. The search index and the register of
    an import know no day, and leave out whoever has an end: acts write none that is still to come.
    """
    return f"({membership}.valid_to IS NULL OR {membership}.valid_to > {today})"
