"""A user's temporary password: who may have it shown, and what they see. See ``setup_info``."""

from django.views.decorators.debug import sensitive_variables

from portal.shown_once import allow, is_allowed, panel

SESSION_KEY = "user_passwords"


def allow_user_password(request, person):
    """Let this session, and no other, see the temporary password of ``person`` once."""
    allow(request, SESSION_KEY, person.pk)


def may_reveal(request, person):
    """Whether this visitor asked for the password, in this very session."""
    mine = person.password_for_id == request.user.pk
    return mine and person.is_active and is_allowed(request, SESSION_KEY, person.pk)


@sensitive_variables()
def shown(secret):
    """What ``components/temporary_password.html`` draws of a UsersPassword; keep it nowhere."""
    person = secret.person
    return panel(person.account_name, secret.password, secret.until, person.user.language)
