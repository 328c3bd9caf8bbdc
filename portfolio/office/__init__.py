"""People and their duties: who works here, what each may do, and the journal of what was done."""
