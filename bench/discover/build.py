"""`python -m bench.discover.build APP FOLDER`: an application's own database; prints its URL."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.discover import indico, mediawiki, oscar, roundcube, tryton, wagtail

APPLICATIONS = {
    "oscar": oscar.build,
    "mediawiki": mediawiki.build,
    "indico": indico.build,
    "roundcube": roundcube.build,
    "wagtail": wagtail.build,
    "tryton": tryton.build,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.discover.build", description=__doc__)
    parser.add_argument("app", choices=sorted(APPLICATIONS))
    parser.add_argument("folder", type=Path, help="where the application is installed; a SQLite file lies here too")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    print(APPLICATIONS[asked.app](folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
