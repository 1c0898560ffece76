from allauth.account.auth_backends import AuthenticationBackend

from portal.accounts.models import Membership, User


class AccountBackend(AuthenticationBackend):
    """allauth's sign-in by account name or email; loads a person and their places at once."""

    def get_user(self, user_id):
        places = list(
            Membership.objects.filter(user=user_id)
            .select_related("user", "organization")
            .order_by("organization__name", "pk")
        )
        if not places:
            user = User.objects.filter(pk=user_id).first()
        else:
            user = places[0].user
            user.places = places
        for place in places:
            place.user = user
        return user if user and user.may_sign_in else None
