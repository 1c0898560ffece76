from allauth.account.auth_backends import AuthenticationBackend

from portal.accounts.models import Membership, User


class AccountBackend(AuthenticationBackend):
    """allauth's sign-in by account name or email; loads a person and their places at once."""

    def get_user(self, user_id):
        places = list(
            Membership.objects.filter(user=user_id, user__is_active=True)
            .select_related("user", "organization")
            .order_by("organization__name", "pk")
        )
        if not places:
            return User.objects.filter(pk=user_id, is_active=True).first()
        user = places[0].user
        for place in places:
            place.user = user
        user.places = places
        return user
