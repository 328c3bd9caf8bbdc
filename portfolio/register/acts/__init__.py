"""What officers do to a project: one verb-named function for each business act.

An act checks, changes, and closes with `trail.record`; nothing else may set these columns. It takes
the session, the project, plain values and an `Origin` (who, when, why), raises a `Refusal` with words
that say what to do, and leaves the commit to its caller.
"""
