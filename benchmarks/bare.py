"""The floor: one raw query, one string. As little as a web page with these rows can cost."""

import os

import psycopg

QUERY = """
    select c.company_name, c.domain, r.name from customers_customer c
    left join accounts_organization r on r.id = c.reseller_id
    where c.provider_id = %s order by c.name_key, c.id limit 25
"""
ROW = "<tr><td>{}</td><td>{}</td><td>{}</td></tr>"
_connection = None


def application(environ, start_response):
    global _connection
    if _connection is None:
        _connection = psycopg.connect(os.environ["BENCH_DSN"], autocommit=True)
        _connection.execute("set role twotier_operator")
    rows = _connection.execute(QUERY, [os.environ["BENCH_PROVIDER"]]).fetchall()
    body = "<table>" + "".join(ROW.format(*row) for row in rows) + "</table>"
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [body.encode()]
