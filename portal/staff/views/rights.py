"""*What can this person do, and why*, and the other way around: who can do it."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.accounts.decorators import requires
from portal.accounts.models import Membership
from portal.accounts.permission_words import of_kind, words_of
from portal.accounts.refusals import asked
from portal.accounts.rights import holders, obstacles_of, rights_of, who_can
from portal.accounts.roles import Permission

MOST_PEOPLE = 100


def _is_own(request, pk):
    return pk == request.membership.pk


def _may_look(request, pk):
    """Whether it is one's own, or that of a user of a customer to whoever looks after them."""
    return _is_own(request, pk) or request.membership.can(Permission.VIEW_OWN_USERS)


@require_safe
@requires(Permission.VIEW_STAFF, or_if=_may_look)
def member_rights(request, pk):
    """Every right of one member, with the roles it comes from; one's own anybody may see."""
    people = Membership.objects.select_related("user", "organization")
    member = get_object_or_404(people.filter(organization=request.membership.organization), pk=pk)
    context = {
        "member": member,
        "is_own": _is_own(request, pk),
        "obstacles": list(obstacles_of(member)),
        "groups": rights_of(member),
    }
    return render(request, "staff/member_rights.html", context)


@require_safe
@requires(Permission.VIEW_HOME)
def right_holders(request):
    """*Who can do what*: all rights, or with ``?permission=`` the people who hold one."""
    membership, kind = request.membership, request.membership.organization.kind
    permission = request.GET.get("permission", "")
    if permission not in of_kind(kind):
        context = {"groups": who_can(membership.organization)}
        return render(request, "staff/right_holders.html", context)
    people, words = holders(membership.organization, permission), words_of(permission, kind)
    roles = [role.label for role in membership.organization.roles_with(permission)]
    context = {
        "words": words,
        "roles": roles,
        "number": people.count(),
        "people": asked(membership, people[:MOST_PEOPLE], words, roles),
        "is_held": membership.can(permission),
    }
    return render(request, "staff/right_people.html", context)
