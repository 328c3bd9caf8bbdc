"""The door: gunicorn and the `flask` command find the program here."""

from portfolio import create_app

app = create_app()
