"""What to tell a person about a file that the system refused."""

from pathlib import Path

from gridworker.errors import Problem


def file_trouble(error: OSError) -> Problem:
    """The sentence for an error of the system that names a file."""
    from gridworker.store.engine.filesafe import problem_of

    return problem_of(error, Path(str(error.filename)))
