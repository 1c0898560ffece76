"""Django's sessions in the database, found with a query that is not built anew for each request."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils.timezone import now

FIND = "select session_data from django_session where session_key = %s and expire_date > %s"


class SessionStore(DatabaseStore):
    def load(self):
        with connection.cursor() as cursor:
            cursor.execute(FIND, [self.session_key, now()])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None  # a key that somebody made up is never used
            return {}
        return self.decode(found[0])
