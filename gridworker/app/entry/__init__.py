"""What is asked of a record that a person enters, and of none that a ledger or a bundle brings."""
