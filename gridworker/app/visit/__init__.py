"""The visit form: laid out, kept while it is typed, written down once."""
