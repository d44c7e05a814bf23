"""``python -m gridworker``: the same as the command ``gridworker``."""

from gridworker.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
