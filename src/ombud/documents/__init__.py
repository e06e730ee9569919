"""What is handed to people: the extract as JSON, CSV and a letter, and the letters of a request's life."""

from ombud.documents.answer import letter
from ombud.documents.as_csv import csv_zip, write_csv_zip
from ombud.documents.as_json import json_chunks
from ombud.documents.body import Addressee
from ombud.documents.composed import compose, unspoken
from ombud.documents.mail import Mail, code_mail, mail
from ombud.documents.reminders import Due, reminder_mail
from ombud.documents.rendered import LettersNotInstalled, Window, render

__all__ = [
    "Addressee",
    "Due",
    "LettersNotInstalled",
    "Mail",
    "Window",
    "code_mail",
    "compose",
    "csv_zip",
    "json_chunks",
    "letter",
    "mail",
    "reminder_mail",
    "render",
    "unspoken",
    "write_csv_zip",
]
