"""Stands for the portal's manage.py: leaves the sign-ins, or fails when it is told to."""

import os
import sys
from pathlib import Path

if os.environ.get("PREPARE_FAILS"):
    raise RuntimeError(os.environ["PREPARE_FAILS"])
if sys.argv[1] == "prepare":
    Path(os.environ["STATE_DIR"], "sign-ins.txt").write_text("someone@nordwind.example\n")
else:
    print(sys.argv[1:], os.environ["DATABASE_URL"], os.environ["STATE_DIR"])
