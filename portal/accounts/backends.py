from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection

from portal.accounts.models import Membership, Organization, User

PARTS = (User, Membership, Organization)


def _columns(model):
    table = model._meta.db_table
    return ", ".join(f"{table}.{field.column}" for field in model._meta.concrete_fields)


# By hand, because every request asks it: Django takes longer to build it than to run it.
PERSON = f"""
    select {", ".join(map(_columns, PARTS))} from accounts_user
    left join accounts_membership on accounts_membership.user_id = accounts_user.id
        and accounts_membership.deactivated_at is null
    left join accounts_organization on accounts_organization.id = organization_id
    where accounts_user.id = %s order by accounts_organization.name, accounts_membership.id
"""


class AccountBackend(AuthenticationBackend):
    """allauth's sign-in by account name or email; loads a person with their active places."""

    def _authenticate(self, request, **credentials):
        """Compare the password with that of one account: the clock must not tell what exists."""
        person = User.objects.called(credentials.get("username") or credentials.get("email") or "")
        return self._check_password(person, credentials["password"])

    def get_user(self, user_id):
        with connection.cursor() as cursor:
            cursor.execute(PERSON, [user_id])
            rows = [_instances(row) for row in cursor]
        if not rows or not rows[0][0].may_sign_in:
            return None
        user = rows[0][0]
        user.places = [place for _user, place, _organization in rows if place.pk]
        for place in user.places:
            place.user = user
        return user


def _instances(row):
    """The person, place and organization in one row of PERSON; the latter two may be empty."""
    values, made = iter(row), []
    for model in PARTS:
        names = [field.attname for field in model._meta.concrete_fields]
        made.append(model.from_db(connection.alias, names, [next(values) for _name in names]))
    made[1].organization = made[2]
    return made
