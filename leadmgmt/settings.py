"""All settings; whatever differs between machines comes from the environment."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent

# A developer's machine or a test: embedded services, mailbox page, relaxed secrets.
LOCAL = env.flag("LOCAL", default=False)
LOCAL_DIR = Path(env.text("LOCAL_DIR", str(BASE_DIR / ".local")))
DEBUG = env.flag("DEBUG", default=False)
DEVELOPMENT_SECRET = "for-development-only-" + "x" * 40
SECRET_KEY = env.text("SECRET_KEY", DEVELOPMENT_SECRET if LOCAL else None)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if LOCAL else "")
BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
PROXIES = env.whole_number("PROXIES", 0, most=9)  # reverse proxies of ours in front of the server
MAINTENANCE = env.flag("MAINTENANCE", default=False)  # shuts pages and API, see maintenance.py
IS_HTTPS = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "leadmgmt",
    "leadmgmt.kernel",
    "leadmgmt.workspaces",
    "leadmgmt.ui",
    "leads",
    "scoring",
    "capture",
    "funnel",
    "sla",
    "nurturing",
    "reports",
    "integrations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # FORM_RENDERER finds the widgets' own templates through it
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "lucide",
    "rest_framework",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "leadmgmt.maintenance.Maintenance",
    "leadmgmt.kernel.limits.RateLimitHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "leadmgmt.workspaces.door.Door",
    "leadmgmt.workspaces.refusing.Refusals",
    "integrations.repeating.Repeats",
]

ROOT_URLCONF = "leadmgmt.urls"
FORM_RENDERER = "leadmgmt.ui.forms.FormRenderer"
WSGI_APPLICATION = "leadmgmt.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "leadmgmt.ui.context.shell",
                "leadmgmt.navigation.navigation",
            ],
            "builtins": ["leadmgmt.workspaces.templatetags.workspaces"],
        },
    },
]

# Database: `default` is bound by row security; `owner` migrates and nothing else.
_POSTGRES = {
    "CONN_MAX_AGE": None,  # persistent connections: seven times the requests in our rehearsal
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,  # pgbouncer pools by transaction
}
DATABASES = {
    "default": env.database_url("DATABASE_URL", "postgres://leadmgmt_app@localhost/leadmgmt")
    | _POSTGRES,
    "owner": env.database_url("DATABASE_OWNER_URL", "postgres://leadmgmt_owner@localhost/leadmgmt")
    | {"CONN_MAX_AGE": 0, "DISABLE_SERVER_SIDE_CURSORS": True},
}

REDIS_URL = env.redis_url("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "leadmgmt.kernel.caching.ForgivingCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}

# Mail
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Lead management <no-reply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
vars().update(env.email_url("EMAIL_URL", "smtp://localhost:1025"))

# People
AUTH_USER_MODEL = "workspaces.User"
AUTHENTICATION_BACKENDS = [
    "leadmgmt.workspaces.logins.PasswordBackend",
    "leadmgmt.workspaces.logins.EmailBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up, nowhere else
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_HTTPS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES  # else all who log in share the address of the proxy
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "leadmgmt.workspaces.twofactor.TwoFactorAdapter"
MFA_TOTP_ISSUER = "Lead management"

# Language, time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian")), ("uk", _("Ukrainian")), ("el", _("Greek"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files
STATIC_URL = "/static/"
STATIC_ROOT = None if LOCAL else BASE_DIR / "static-collected"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "leadmgmt.ui.finders.PackageFinder",
]
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(LOCAL_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SESSION_ENGINE = "leadmgmt.workspaces.logins"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
SILENCED_SYSTEM_CHECKS: list[str] = []

# Requests a minute, 0 for no limit: of one API key, and of one address at one site's tracking.
# An office may share one address: PROXIES must be right, else all visitors do.
API_LIMIT = env.whole_number("API_LIMIT", 1_200)
TRACKING_LIMIT = env.whole_number("TRACKING_LIMIT", 3_000)

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["leadmgmt.workspaces.api.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["leadmgmt.workspaces.api.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["leadmgmt.workspaces.api.KeyLimit"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "leadmgmt.workspaces.problems.answer",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lead management API",
    "DESCRIPTION": "Leads from the first visit to the last deal. A key belongs to one workspace "
    "and sees nothing else; errors are problem+json (RFC 9457).",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "StageEnum": "leads.models.Stage",
        "LeadClassEnum": "leads.models.LeadClass",
        "GradeEnum": "leads.models.Grade",
        "AttemptOutcomeEnum": "funnel.actions.working.AttemptOutcome",
        "QualificationOutcomeEnum": "funnel.models.Outcome",
        "ClockOutcomeEnum": "sla.models.Outcome",
        "CycleOutcomeEnum": "funnel.models.CycleOutcome",
        "AnswerEnum": "funnel.models.qualifying.Answer",
        "DealStatusEnum": "funnel.models.deals.DealStatus",
        "ImportStatusEnum": "capture.models.imports.ImportStatus",
        "SegmentKindEnum": "leads.models.SegmentKind",
        "FieldKindEnum": "leads.models.FieldKind",
        "HealthEnum": "funnel.models.customers.Health",
        "ContentKindEnum": "funnel.models.training.ContentKind",
        "ChecklistStateEnum": "funnel.models.onboarding.ItemState",
        "TrainingLetterStateEnum": "funnel.models.letters.LetterState",
        "RenewalStateEnum": "funnel.models.renewals.RenewalState",
        "PrivacyRequestKindEnum": "leads.models.PrivacyRequestKind",
        "PurposeEnum": "scoring.models.Purpose",
        "ReadyPurposeEnum": "scoring.actions.ready.STARTED",
        "ModelStateEnum": "scoring.models.ModelState",
        "ReleaseStateEnum": "scoring.models.ReleaseState",
        "PredictionStateEnum": "scoring.models.PredictionState",
        "RehearsalStateEnum": "scoring.models.RehearsalState",
        "VersionStateEnum": "leadmgmt.workspaces.models.VersionState",
        "SideEnum": "funnel.models.Side",
        "SightEnum": "funnel.models.handovers.Sight",
        "CloseStatusEnum": "funnel.models.deals.CLOSED",
        "StudyOutcomeEnum": "scoring.cases.studies.OUTCOMES",
    },
    "DEFAULT_GENERATOR_CLASS": "integrations.schema.Generator",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "integrations.schema.complete",
    ],
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": env.choice("LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR"]),
    },
}
