"""The names behind the demonstration: companies, people, sign-ins."""

from portal.accounts.roles import Role

PASSWORD = "demo"
CUSTOMERS = {"nordwind": 240, "suedstern": 90}
AGREEMENT = "2026-01"
REMOVAL_STATEMENT = "2026-01"

PROVIDERS = [
    # slug, name, country, city, MPN ID
    ("nordwind", "Nordwind Distribution GmbH", "DE", "Hamburg", "3910044"),
    ("suedstern", "Südstern Cloud Distribution AG", "DE", "München", "3920177"),
]
RESELLERS = [
    # slug, name, country, city, location MPN ID, global MPN ID, agreement signed, providers
    ("kessler", "Kessler IT-Systemhaus GmbH", "DE", "Hamburg", "4847383", "4847000", True, "ns"),
    ("alpina", "Alpina Cloud Services AG", "CH", "Zürich", "5120277", "5120000", True, "n"),
    ("brightwater", "Brightwater Managed IT Ltd", "GB", "Bristol", "6022918", "", False, "n"),
    ("delta", "Delta Datentechnik KG", "AT", "Linz", "4390022", "", True, "ns"),
    ("fjord", "Fjord Digital ApS", "DK", "Aarhus", "7781204", "", True, "n"),
    ("isar", "Isar Cloudworks GmbH", "DE", "München", "4410935", "", True, "s"),
    ("lumen", "Lumen Informatique SARL", "FR", "Lyon", "5544120", "", True, "n"),
    ("polder", "Polder Systemen BV", "NL", "Utrecht", "5671033", "", True, "n"),
    ("rheinwerk", "Rheinwerk Netze GmbH & Co. KG", "DE", "Köln", "4602281", "", True, "ns"),
    ("tatra", "Tatra Soft s.r.o.", "CZ", "Brno", "6210077", "", False, "s"),
]
STAFF = {
    "nordwind": [
        ("global.admin", "Anna", "Brandt", Role.GLOBAL_ADMIN),
        ("second.admin", "Birgit", "Voss", Role.GLOBAL_ADMIN),
        ("user.admin", "Timo", "Roth", Role.USER_ADMIN),
        ("second.user.admin", "Nele", "Janssen", Role.USER_ADMIN),
        ("second.admin.agent", "Piotr", "Nowak", Role.ADMIN_AGENT),
        ("second.sales.agent", "Emma", "Lindner", Role.SALES_AGENT),
        ("admin.agent", "Leyla", "Aydin", Role.ADMIN_AGENT),
        ("sales.agent", "Jonas", "Petersen", Role.SALES_AGENT),
    ],
    "suedstern": [("global.admin", "Franz", "Huber", Role.GLOBAL_ADMIN)],
    "kessler": [
        ("global.admin", "Maren", "Kessler", Role.GLOBAL_ADMIN),
        ("admin.agent", "Deniz", "Koch", Role.ADMIN_AGENT),
    ],
    "alpina": [("global.admin", "Reto", "Frei", Role.GLOBAL_ADMIN)],
    "brightwater": [("global.admin", "Grace", "Hughes", Role.GLOBAL_ADMIN)],
}
SIGN_INS = [
    ("global.admin@nordwind.example", "provider Nordwind, global admin"),
    ("user.admin@nordwind.example", "provider Nordwind, user admin"),
    ("admin.agent@nordwind.example", "provider Nordwind, admin agent"),
    ("sales.agent@nordwind.example", "provider Nordwind, sales agent"),
    ("global.admin@suedstern.example", "the other provider, global admin"),
    ("global.admin@kessler.example", "reseller of both, global admin"),
    ("admin.agent@kessler.example", "reseller of both, admin agent"),
    ("global.admin@alpina.example", "reseller of Nordwind only"),
    ("global.admin@brightwater.example", "reseller, agreement unsigned"),
    ("admin@albrecht.onportal.example", "customer Albrecht, global admin"),
    ("operator@portal.example", "operator: /admin/"),
]
REQUESTS = [
    # recipient, status, days until the link ends, language
    ("partner@alstercloud.example", "sent", 25, "de"),
    ("info@weser-it.example", "sent", 4, "de"),
    ("hello@caledonia.example", "sent", -3, "en"),
    ("kontakt@harz-systeme.example", "expired", -40, "de"),
    ("office@donau-soft.example", "declined", -20, "de"),
]
RELATIONSHIPS = [
    # provider, reseller, who asks, recipient, note: both can be answered by Albrecht
    ("suedstern", "kessler", "kessler", "einkauf@albrecht.example", "Wie am Montag besprochen."),
    ("nordwind", "delta", "nordwind", "einkauf@lorenz-verlag.example", ""),
]
DRAFTS = [
    # what is typed into New customer so far
    {"company_name": "Hafenkontor Lübeck GmbH", "country": "DE", "city": "Lübeck"},
    {"company_name": "Elbe Feinkost e. K.", "country": "DE", "domain": "elbefeinkost"},
]
ENROLMENTS = [
    # email, first name, last name, recipient of the invitation, what is filled in
    (
        "ida.harms@weser-it.example",
        "Ida",
        "Harms",
        "info@weser-it.example",
        {
            "name": "Weser IT Service GmbH",
            "country": "DE",
            "address": "Schlachte 21",
            "postal_code": "28195",
            "city": "Bremen",
            "website": "https://www.weser-it.example/",
            "mpn_id": "4711820",
        },
    ),
    (
        "nils.jansen@foerde-it.example",
        "Nils",
        "Jansen",
        "",
        {
            "name": "Förde IT GmbH",
            "country": "DE",
            "address": "Hafenstraße 9",
            "postal_code": "24103",
            "city": "Kiel",
        },
    ),
]
TRADES = """
    Maschinenbau Optik Logistik Architekten Steuerberatung Metallbau Spedition Elektrotechnik
    Apotheken Verlag Weinhandel Gartenbau Sanitärtechnik Druckerei Dentallabor Fahrzeugbau
    Möbelwerke Brauerei Ingenieure Immobilien Kaffeerösterei Textilwerke Hausverwaltung Bäckerei
""".split()  # noqa: SIM905  one name more is one word more
FAMILIES = """
    Albrecht Vogel Müller Schröder Neumann Krüger Özdemir Lehmann Böhm
    Winkler Sommer Franke Jäger Lorenz Seidel Brandt Haas Kuhn
    Pohl Engel Horn Busch Voigt Sauer Arnold Wolff Pfeiffer
    Günther Keller Simon Ziegler Heinrich Bergmann Thomas Dietrich Ernst
    Hübner Graf Kraus Nagel
""".split()  # noqa: SIM905  one name more is one word more
FORMS = ("GmbH", "GmbH", "KG", "AG", "GmbH & Co. KG", "e. K.", "OHG")
FIRST_NAMES = [
    "Vera",
    "Paul",
    "Sofie",
    "Emil",
    "Clara",
    "Anton",
    "Ida",
    "Karl",
    "Rosa",
    "Max",
    "Mia",
    "Leo",
    "Greta",
    "Oskar",
    "Lina",
]
