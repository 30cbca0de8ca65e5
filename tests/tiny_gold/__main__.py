"""`python -m tests.tiny_gold FOLDER` writes a tiny lake to look at."""

import sys
from pathlib import Path

from . import write

write(Path(sys.argv[1]))
