"""Quotes: codings → the passages that represent each theme."""

from rmtext.quotes.quote import Quote
from rmtext.quotes.selection import select_quotes
from rmtext.quotes.writing import check_target, table_rows, write_quotes

__all__ = ["Quote", "check_target", "select_quotes", "table_rows", "write_quotes"]
