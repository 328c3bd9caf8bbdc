"""The web server, for bin/run and for deploy/systemd alike. The address is given with --bind."""

from pathlib import Path

# Two processes of four threads hold the load of one province on two cores; a process is replaced
# after some 2,000 requests, so that memory that a library does not give back cannot pile up.
workers = 2
worker_class = "gthread"
threads = 4
max_requests = 2000
max_requests_jitter = 200

# A request that hangs is ended after a minute; at a stop, running requests get half of one.
timeout = 60
graceful_timeout = 30
keepalive = 5

# An address of 4 kB and headers of 8 kB are plenty; more is refused before the program sees it.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

# Only PORTFOLIO_PROXY_COUNT decides whether a proxy is believed, and a server that can be steered
# through a socket is one more door.
forwarded_allow_ips = ""
control_socket_disable = True

# The heartbeat file must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  a memory disk

# The program writes a line for each request itself, as JSON.
accesslog = None
errorlog = "-"
loglevel = "warning"
