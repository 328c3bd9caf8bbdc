"""The addresses of this subject hang on one blueprint; the page modules fill it."""

from flask import Blueprint

pages = Blueprint("schedule", __name__)
