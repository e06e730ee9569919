"""What a database can make of an identifier by itself: who has the same form has the same rough form as well.

A form is made in Python alone (`datamap/identity.py`). Where only few persons' are asked for, a database finds those
that may have one of them, and Python looks at these, instead of at everybody's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rough:
    """A text of `plain` characters alone (a class, as regular expressions write it), in lower case, without `dropped`.

    Of it the `last` characters, if there are that many, or all (0). A text of other characters has the rough form '',
    which may be anybody's. Of a form that has not `least` left nothing is known.
    """

    plain: str
    dropped: str
    last: int = 0
    least: int = 0

    def of(self, value: str) -> str:
        """The rough form of a value as it stands."""
        bare = self._bare(value)
        return "" if bare is None else bare[-self.last :]

    def of_form(self, form: str) -> str | None:
        """The rough form of whatever has this form, if not ''; None if that cannot be told."""
        bare = self._bare(form)
        if bare is None:
            return ""
        return bare[-self.last :] if len(bare) >= self.least else None

    def _bare(self, text: str) -> str | None:
        if re.fullmatch(f"[{self.plain}]*", text) is None:
            return None
        return "".join(c for c in text.lower() if c not in self.dropped)


_ROUGH = {
    "email": Rough(" -~", " ."),
    "personnummer": Rough("0-9A-Za-z +-", " +-", last=10),
    # A prefix is put before a number, taken off it, or moved within it (in Argentina), as far as its last five digits.
    "phone": Rough("0-9 ()+./-", " ()+./-", last=5, least=8),
}

_TEXT = Rough(" -~", " ")


def rough(kind: str) -> Rough:
    """How identifiers of this kind look roughly."""
    return _ROUGH.get(kind, _TEXT)
