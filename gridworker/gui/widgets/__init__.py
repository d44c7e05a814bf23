"""Small widgets: plain values in, past-tense signals out. None of them knows a Workspace."""
