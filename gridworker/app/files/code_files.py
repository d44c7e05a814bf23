"""Files that hold a code and nothing else: an answer of the office, a question about a forgotten passphrase."""

from pathlib import Path

from gridworker.plainfile import open_plain


def code_in(path: Path, longest: int) -> str | None:
    """The text of such a file; None for one that cannot be read, is no text or has more than ``longest`` bytes."""
    try:
        with open_plain(path) as file:
            data = file.read(longest + 1)
        return data.decode("utf-8-sig") if len(data) <= longest else None
    except (OSError, UnicodeDecodeError):
        return None
