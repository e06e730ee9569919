"""What can go wrong with a register. No message holds personal data."""

from __future__ import annotations


class RegisterTrouble(Exception):
    """The register cannot do what was asked. The message says why, and `hint` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class BadAddress(RegisterTrouble):
    """The address names no database in which a register can be."""


class NewerRegister(RegisterTrouble):
    """A newer ombud has changed the register's tables."""

    def __init__(self) -> None:
        super().__init__("the register was written by a newer ombud", "use that version, or one after it")


class NotInstalled(RegisterTrouble):
    """A Django project opens the register, and does not know its models."""

    def __init__(self) -> None:
        super().__init__(
            "this Django project does not know the register's models", 'add "ombud.register" to INSTALLED_APPS'
        )


class NotThere(RegisterTrouble):
    """What was asked for is not in the register."""

    def __init__(self, what: str) -> None:
        super().__init__(f"there is no such {what} in the register")


class Conflict(RegisterTrouble):
    """Somebody else wrote first. Nothing was written; read again, and decide again."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} was changed by somebody else in the meantime", "read it again, and decide again")


class Unsettled(RegisterTrouble):
    """A request cannot close over somebody who must be told and was not (Art. 19)."""

    def __init__(self) -> None:
        super().__init__(
            "somebody who must be told was not, and nobody has said why", "send it, or say why it cannot be sent"
        )


class OneAndTheSame(RegisterTrouble):
    """Two different people are needed, or one has said it before."""

    def __init__(self) -> None:
        super().__init__("this takes two different people", "have somebody else look at it")
