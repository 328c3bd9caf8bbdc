# Other names for the commands in bin/; make itself is never needed.
.PHONY: help run test check bench screens translations lock

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run:  ## prepare everything and start on http://127.0.0.1:8000
	@bin/run

test:  ## all tests, on SQLite and on PostgreSQL, with the browser
	@bin/test

check:  ## everything that must pass before a change is taken
	@bash .ci/run

bench:  ## speed at 154, 10,000 and 100,000 projects
	@bin/bench

screens:  ## pictures of the main pages into var/screens/
	@bin/screens

translations:  ## bring the Vietnamese texts in line with the code
	@bin/translations update

lock:  ## write the lock files anew
	@bin/lock
