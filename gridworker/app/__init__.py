"""What a person can do: the Workspace that windows and commands hold, and its services."""
