"""In and out: workbooks, text files and the interface for other programs."""
