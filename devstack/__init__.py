"""Runs Twotier on one Linux machine, for development and for trying it out.

`make run` and `make test` need nothing but Python: PostgreSQL and Redis (Valkey) come as wheels,
and this package starts them, then the portal, watches all of it and ends all of it. Nothing it
starts outlives it.

Production does not use it; `docker-compose.yml` shows what runs there.
"""
