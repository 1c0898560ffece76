"""Web-mail services: anybody can have such an address, so it says nothing about a company."""

SERVICES = {"gmail", "googlemail", "gmx", "aol", "hotmail", "icloud", "outlook", "yahoo", "yandex"}
DOMAINS = {"freenet.de", "live.com", "live.de", "mac.com", "mail.com", "mail.ru", "me.com"}
DOMAINS |= {"msn.com", "proton.me", "protonmail.com", "t-online.de", "web.de", "ymail.com"}
ENDINGS = ([], ["co"], ["com"])  # what may stand between the name and the country: yahoo.co.uk


def is_free_mail(address):
    """Whether an email address belongs to a web-mail service, under whichever country's ending."""
    domain = address.rpartition("@")[2].lower()
    name, *ending = domain.split(".")
    return domain in DOMAINS or (name in SERVICES and ending[:-1] in ENDINGS)
