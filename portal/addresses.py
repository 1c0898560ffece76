"""What an address needs, country by country: the same rules for the form and for its errors."""

import re
from typing import NamedTuple

# Pattern and example of postal codes; a country without a line takes anything, or nothing.
POSTAL_CODES = {
    "AT": (r"[0-9]{4}", "1010"),
    "AU": (r"[0-9]{4}", "2000"),
    "BE": (r"[0-9]{4}", "1000"),
    "BG": (r"[0-9]{4}", "1000"),
    "BR": (r"[0-9]{5}-?[0-9]{3}", "01310-100"),
    "CA": (r"[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]", "K1A 0B1"),
    "CH": (r"[0-9]{4}", "8001"),
    "CZ": (r"[0-9]{3} ?[0-9]{2}", "110 00"),
    "DE": (r"[0-9]{5}", "20354"),
    "DK": (r"[0-9]{4}", "1050"),
    "EE": (r"[0-9]{5}", "10111"),
    "ES": (r"[0-9]{5}", "28001"),
    "FI": (r"[0-9]{5}", "00100"),
    "FR": (r"[0-9]{5}", "75001"),
    "GB": (r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}", "SW1A 1AA"),
    "GR": (r"[0-9]{3} ?[0-9]{2}", "105 57"),
    "HR": (r"[0-9]{5}", "10000"),
    "HU": (r"[0-9]{4}", "1011"),
    "IN": (r"[0-9]{3} ?[0-9]{3}", "110001"),
    "IT": (r"[0-9]{5}", "00118"),
    "JP": (r"[0-9]{3}-?[0-9]{4}", "100-0001"),
    "LI": (r"[0-9]{4}", "9490"),
    "LT": (r"(LT-)?[0-9]{5}", "01100"),
    "LU": (r"(L-)?[0-9]{4}", "1111"),
    "LV": (r"(LV-)?[0-9]{4}", "LV-1050"),
    "MX": (r"[0-9]{5}", "06000"),
    "NL": (r"[0-9]{4} ?[A-Z]{2}", "1012 AB"),
    "NO": (r"[0-9]{4}", "0150"),
    "NZ": (r"[0-9]{4}", "1010"),
    "PL": (r"[0-9]{2}-[0-9]{3}", "00-001"),
    "PT": (r"[0-9]{4}(-[0-9]{3})?", "1000-001"),
    "RO": (r"[0-9]{6}", "010011"),
    "SE": (r"[0-9]{3} ?[0-9]{2}", "111 20"),
    "SG": (r"[0-9]{6}", "018956"),
    "SI": (r"[0-9]{4}", "1000"),
    "SK": (r"[0-9]{3} ?[0-9]{2}", "811 01"),
    "US": (r"[0-9]{5}(-[0-9]{4})?", "98052"),
    "ZA": (r"[0-9]{4}", "8001"),
}

# Where the postal code stands behind the city; elsewhere it stands in front.
CITY_FIRST = {"AU", "BR", "CA", "GB", "IE", "IN", "JP", "NZ", "SG", "US", "ZA"}

# Where an address names a state or province by its code.
_STATES = {
    "AU": """ACT Australian Capital Territory|NSW New South Wales|NT Northern Territory|
        QLD Queensland|SA South Australia|TAS Tasmania|VIC Victoria|WA Western Australia""",
    "BR": """AC Acre|AL Alagoas|AP Amapá|AM Amazonas|BA Bahia|CE Ceará|DF Distrito Federal|
        ES Espírito Santo|GO Goiás|MA Maranhão|MT Mato Grosso|MS Mato Grosso do Sul|
        MG Minas Gerais|PA Pará|PB Paraíba|PR Paraná|PE Pernambuco|PI Piauí|RJ Rio de Janeiro|
        RN Rio Grande do Norte|RS Rio Grande do Sul|RO Rondônia|RR Roraima|SC Santa Catarina|
        SP São Paulo|SE Sergipe|TO Tocantins""",
    "CA": """AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|
        NL Newfoundland and Labrador|NT Northwest Territories|NS Nova Scotia|NU Nunavut|
        ON Ontario|PE Prince Edward Island|QC Quebec|SK Saskatchewan|YT Yukon""",
    "US": """AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|
        CT Connecticut|DE Delaware|DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|
        ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|
        MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|
        MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|
        NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|
        PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|
        TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|
        WY Wyoming""",
}
STATES = {
    country: dict(entry.strip().split(" ", 1) for entry in entries.split("|"))
    for country, entries in _STATES.items()
}


class PostalCode(NamedTuple):
    """A postal code as typed, tidied up, and whether the country writes them like that."""

    text: str
    is_valid: bool
    example: str


def check_postal_code(country, text):
    """Tidy ``text`` up and say whether it is a postal code of ``country``."""
    text = " ".join(text.upper().split())
    pattern, example = POSTAL_CODES.get(country, (".*", ""))
    return PostalCode(text, bool(re.fullmatch(pattern, text)), example)


def state_choices(country):
    """(code, name) of each state an address in ``country`` must name one of; often none."""
    return list(STATES.get(country, {}).items())


def find_state(country, text):
    """The code of a state given by code or by name, or None when there is no such state."""
    wanted = text.strip().casefold()
    for code, name in STATES.get(country, {}).items():
        if wanted in (code.casefold(), name.casefold()):
            return code
    return None


def place_line(country, postal_code, city, state=""):
    """City, state and postal code in the order of the country: "20354 Hamburg", "Bristol BS1"."""
    city = ", ".join(part for part in (city, state) if part)
    parts = (city, postal_code) if country in CITY_FIRST else (postal_code, city)
    return " ".join(part for part in parts if part)
