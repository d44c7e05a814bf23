"""The merge inbox: conflicts, changes set aside, duplicates; and a person's word on each."""
