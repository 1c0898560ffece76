"""Settings come from the environment, read through ``portal.environment`` and nowhere else."""

from datetime import timedelta
from pathlib import Path

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from portal import environment as env
from portal.scope import APP

BASE_DIR = Path(__file__).resolve().parent.parent

# ---- This installation
DEBUG = env.boolean("DEBUG")
SITE_NAME = env.text("SITE_NAME", "Twotier")
PUBLIC_URL = env.text("PUBLIC_URL", "http://localhost:8000").rstrip("/")
SECRET_KEY = env.required("SECRET_KEY", fallback="development only" if DEBUG else "")
MAINTENANCE = env.interval("MAINTENANCE")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
# The first encrypts the seeds of second factors, the others still decrypt (rotate_mfa_keys).
MFA_KEYS = env.words("MFA_KEYS")
# The first key signs new invitation links; older ones keep the links that are out there alive.
INVITATION_KEYS = env.words("INVITATION_KEYS") or [SECRET_KEY]
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG else "")
# What *Choose an organization* says of each: how many lines need a membership's attention there.
NUMBER_WAITING = "subscriptions.home.number_waiting"
CSRF_FAILURE_VIEW = "portal.accounts.errors.forged"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
STATE_DIR = Path(env.text("STATE_DIR", str(BASE_DIR / "var" / "run")))

# ---- The market this portal serves
TENANT_DOMAIN_SUFFIX = env.text("TENANT_DOMAIN_SUFFIX", "onportal.example")
# Where customers' accounts live (see customers.provisioning).
DIRECTORY = "customers.provisioning.LocalDirectory"
INVITATION_DAYS = env.number("INVITATION_DAYS", 30)
STAFF_INVITATION_DAYS = env.number("STAFF_INVITATION_DAYS", 7)
# The portal is no mailing machine: what it sends in a day for one organization, to one address.
REQUESTS_PER_DAY = env.number("REQUESTS_PER_DAY", 500)
REQUESTS_PER_RECIPIENT_AND_DAY = env.number("REQUESTS_PER_RECIPIENT_AND_DAY", 3)
TEMPORARY_PASSWORD_LIFETIME = timedelta(days=env.number("TEMPORARY_PASSWORD_DAYS", 7))
# What a customer grants ends by itself, unless somebody asked for another number of days.
DELEGATED_ADMIN_DAYS = env.number("DELEGATED_ADMIN_DAYS", 730)
TENANT_OWNER_DAYS = env.number("TENANT_OWNER_DAYS", 90)
# A running order in which nothing has happened for so long is stuck.
ORDER_STUCK_AFTER = timedelta(minutes=env.number("ORDER_STUCK_MINUTES", 60))
CANCELLATION_WINDOW = timedelta(days=env.number("CANCELLATION_DAYS", 7))
USER_RESTORE_WINDOW = timedelta(days=30)  # until a deleted user is gone for good (domain.md 2.13)
DELETION_AFTER_SUSPENSION = timedelta(days=env.number("DELETION_DAYS", 90))
DELETION_AFTER_EXPIRY = timedelta(days=env.number("EXPIRY_DAYS", 90))
REMINDER_DAYS = (30, 7)  # before a subscription ends or is deleted, most first

# ---- Django
INSTALLED_APPS = [
    "portal.accounts",
    "portal.staff",
    "portal.audit",
    "portal.outbox",
    "portal.impersonation",
    "portal.notices",
    "portal.savedviews",
    "partners",
    "customers",
    "subscriptions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "django_tables2",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "portal.audit.origin.OriginMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.SecurityHeadersMiddleware",
    "portal.maintenance.MaintenanceMiddleware",
    "portal.middleware.CookieMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.session_end.SessionEndMiddleware",
    "portal.parking.ParkingMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "portal.accounts.middleware.PreferencesMiddleware",
    "portal.accounts.middleware.FirstPasswordMiddleware",
    "portal.accounts.middleware.MultiFactorMiddleware",
    "portal.impersonation.middleware.ViewAsMiddleware",
    "portal.accounts.denials.DenialMiddleware",
    "portal.accounts.middleware.OrganizationMiddleware",
    "portal.middleware.ButtonAddressMiddleware",
    "portal.middleware.ConflictMiddleware",
    "portal.middleware.OperatorInputMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "portal.renderers.FormRenderer"
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.template.context_processors.i18n",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "portal.accounts.context_processors.site",
    "portal.accounts.context_processors.access",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": CONTEXT_PROCESSORS,
            "libraries": {
                "ui": "portal.templatetags.ui",
                "operations": "portal.templatetags.operations",
            },
            "builtins": [f"portal.templatetags.{name}" for name in ("drawing", "forgery", "links")],
        },
    },
    # What every list draws many times: rows, and the components around them (portal/drawing.py).
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja"],
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "portal.drawing.environment",
            "context_processors": CONTEXT_PROCESSORS,
            "libraries": [
                "django.contrib.humanize.templatetags.humanize",
                "portal.templatetags.ui",
                "subscriptions.templatetags.money",
            ],
        },
    },
]

# ---- Database: one engine everywhere; connections run as a role that owns nothing
DATABASES = {"default": env.database(APP)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- Redis: the bell and the cache; nothing in it is missed when it is lost
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "portal.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "twotier",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 1},
    }
}

# ---- Background work (see portal.outbox)
CELERY_BROKER_URL = env.celery_broker(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_TIME_LIMIT = 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A dead or frozen Redis may cost a web answer two seconds once, never a hang.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 3,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "visibility_timeout": 60,
    "max_retries": 0,
    "global_keyprefix": "twotier:",
}
OUTBOX_SWEEP_SECONDS = 5
# The round has a queue of its own, so that it never waits behind the work; workers serve both.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("sweep")]
CELERY_TASK_ROUTES = {
    "portal.outbox.tasks.sweep": {"queue": "sweep"},
    "portal.staff.rounds.look_after_invitations": {"queue": "sweep"},
    "partners.rounds.look_after_requests": {"queue": "sweep"},
    "customers.rounds.look_after_relationships": {"queue": "sweep"},
    "customers.rounds.look_after_grants": {"queue": "sweep"},
    "customers.user_rounds.purge_users": {"queue": "sweep"},
    "subscriptions.rounds.look_after_license_requests": {"queue": "sweep"},
    "subscriptions.rounds.look_after_orders": {"queue": "sweep"},
}
REQUEST_ROUND_SECONDS = 180
GRANT_ROUND_SECONDS = 900
LIFE_ROUND_SECONDS = 600
CELERY_IMPORTS = [
    "portal.staff.rounds",
    "partners.rounds",
    "customers.invitation_tasks",
    "customers.rounds",
    "customers.user_rounds",
    "subscriptions.rounds",
    "subscriptions.life_rounds",
]
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "portal.outbox.tasks.sweep",
        "schedule": OUTBOX_SWEEP_SECONDS,
        "options": {"expires": 2 * OUTBOX_SWEEP_SECONDS},
    },
    "look-after-invitations": {
        "task": "portal.staff.rounds.look_after_invitations",
        "schedule": REQUEST_ROUND_SECONDS,
        "options": {"expires": 2 * REQUEST_ROUND_SECONDS},
    },
    "look-after-requests": {
        "task": "partners.rounds.look_after_requests",
        "schedule": REQUEST_ROUND_SECONDS,
        "options": {"expires": 2 * REQUEST_ROUND_SECONDS},
    },
    "look-after-relationships": {
        "task": "customers.rounds.look_after_relationships",
        "schedule": REQUEST_ROUND_SECONDS,
        "options": {"expires": 2 * REQUEST_ROUND_SECONDS},
    },
    "look-after-grants": {
        "task": "customers.rounds.look_after_grants",
        "schedule": GRANT_ROUND_SECONDS,
        "options": {"expires": 2 * GRANT_ROUND_SECONDS},
    },
    "look-after-license-requests": {
        "task": "subscriptions.rounds.look_after_license_requests",
        "schedule": REQUEST_ROUND_SECONDS,
        "options": {"expires": 2 * REQUEST_ROUND_SECONDS},
    },
    "look-after-subscriptions": {
        "task": "subscriptions.life_rounds.look_after_subscriptions",
        "schedule": LIFE_ROUND_SECONDS,
        "options": {"expires": 2 * LIFE_ROUND_SECONDS},
    },
    "look-after-orders": {
        "task": "subscriptions.rounds.look_after_orders",
        "schedule": REQUEST_ROUND_SECONDS,
        "options": {"expires": 2 * REQUEST_ROUND_SECONDS},
    },
    "verify-audit": {"task": "portal.audit.tasks.verify", "schedule": crontab(hour=2, minute=30)},
    "purge-users": {"task": "customers.user_rounds.purge_users", "schedule": timedelta(hours=1)},
    "forget-ended": {"task": "portal.accounts.tasks.forget_ended", "schedule": timedelta(hours=1)},
    "forget-unproven": {"task": "partners.tasks.forget_unproven", "schedule": timedelta(hours=6)},
}

# ---- Mail
EMAIL_CONFIGURATION = env.email(env.text("EMAIL_URL", "smtp://127.0.0.1:25"))
globals().update(EMAIL_CONFIGURATION)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "no-reply@portal.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SUPPORT_EMAIL = env.text("SUPPORT_EMAIL", "support@portal.example")

# ---- Who signs in, and how
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["portal.accounts.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "portal.accounts.hashers.TemporaryPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}
PASSWORD_RESET_TIMEOUT = 60 * 60 * 4
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "change_password": "portal.accounts.sign_in_forms.ChangePasswordForm",
    "reset_password": "portal.accounts.sign_in_forms.ResetPasswordForm",
}
# Guessing is limited by portal.accounts.tries; what else is limited may be lost with the cache.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "reset_password": None}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# How long a sign-in is good for exports, resets and removals (portal.accounts.confirmation).
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * env.number("REAUTHENTICATION_MINUTES", 15)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey stands for the password, too
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from invitations and provisioning
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "portal.accounts.sign_in_forms.AuthenticateForm",
    "reauthenticate": "portal.accounts.sign_in_forms.ReauthenticateForm",
    "activate_totp": "portal.accounts.sign_in_forms.ActivateTOTPForm",
}
MFA_TOTP_ISSUER = SITE_NAME
MFA_ADAPTER = "portal.accounts.adapters.MultiFactorAdapter"
REQUIRE_MFA = env.boolean("REQUIRE_MFA", not DEBUG)
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_ENGINE = "portal.accounts.sessions"
# Without activity, and in any case: see portal.accounts.session_end.
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", 30)
SESSION_HOURS = env.number("SESSION_HOURS", 12)
SESSION_COOKIE_AGE = 60 * 60 * (SESSION_HOURS + 1)  # it still tells why it ended
SESSION_SERIALIZER = "portal.encryption.EncryptedSerializer"

# ---- Languages and times
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

# ---- Static files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# ---- Security
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
HTTPS = PUBLIC_URL.startswith("https://")
SECURE_SSL_REDIRECT = HTTPS and env.boolean("SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.boolean("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "filters": {"secrets": {"()": "portal.logs.HideSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    # Those that log addresses; a filter of a logger holds for all its handlers.
    "loggers": {
        "django.server": {"level": "INFO", "filters": ["secrets"]},
        "django.request": {"filters": ["secrets"]},
        "django.security.csrf": {"filters": ["secrets"]},
    },
}
