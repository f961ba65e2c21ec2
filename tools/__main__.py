"""Entry point: ``python3 tools COMMAND``; the folder of the project becomes importable."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from tools.cli import main  # noqa: E402 (the path above comes first)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
