"""Stands for the portal: ready when database and Redis are, and answers with what it was given."""

import json
import os

import psycopg
import redis


def application(environ, start_response):
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        login = connection.execute("select session_user").fetchone()[0]
    redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"login": login, "environment": dict(os.environ)}).encode()]
