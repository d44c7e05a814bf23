"""Small widgets: plain values in, past-tense signals out, no Workspace."""
