"""Search: one box for people, doors, words and actions; and who may be on the books already."""
