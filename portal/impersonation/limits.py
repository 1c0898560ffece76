"""What nobody gets to as somebody else, whatever was ticked: secrets, passwords, sign-ins.

Two lists: rights that a membership loses while somebody else looks through it
(``portal.accounts.roles.NEVER_AS_SOMEBODY_ELSE``), and pages that show a secret to whoever may
open them. A test asks every page and fails for one that shows a secret and is in neither.
"""

# Pages with a personal link in them, or the way to a password or an address that is a secret.
PAGES = {
    "partners:request_draft",
    "partners:request_link",
    "customers:relationship_draft",
    "customers:relationship_detail",
    "customers:setup_info_reveal",
    "customers:upload_passwords",
    "subscriptions:subscription_calendar",
}


def is_closed(view_name):
    """Whether the page with this name is closed to whoever looks as somebody else."""
    return view_name in PAGES
