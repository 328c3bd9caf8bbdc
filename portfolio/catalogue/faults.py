"""Why a document cannot be printed. Apart from the press, so that nothing loads the press to catch it."""


class PressError(RuntimeError):
    """The document cannot be printed; the text says why, for the log."""


class ForbiddenAddress(PressError):
    """The document asked for something that is not an asset of this package."""
