"""Measuring: a made-up portfolio of any size, and what pages and runs cost on it."""
