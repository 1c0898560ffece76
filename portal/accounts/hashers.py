"""How temporary passwords that are made by the thousand are stored."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password


class TemporaryPasswordHasher(PBKDF2PasswordHasher):
    """One round of PBKDF2: only for passwords this portal draws itself, with 92 bits of chance.

    Slow hashing protects what people make up; guessing 2^92 equally likely passwords takes longer
    than anybody lives even at a round each. A file of ten thousand users is hashed in a second
    instead of half an hour. The first sign-in turns the hash into an ordinary one (Django upgrades
    it), and the person must then choose a password of their own.
    """

    algorithm = "temporary_pbkdf2_sha256"
    iterations = 1

    def verify(self, password, encoded):
        """Whether it fits; a wrong password takes as long as anywhere else.

        Otherwise the clock would tell which accounts wait for their first sign-in.
        """
        fits = super().verify(password, encoded)
        if not fits:
            make_password(password)
        return fits

    def must_update(self, encoded):
        return True
