"""The site of an invented village association, as a Django app on Wagtail."""
