"""``python -m rmtext``: the same as the command ``rmtext``."""

from rmtext.cli import app

if __name__ == "__main__":
    app(prog_name="rmtext")
