"""Settings, from the environment. With nothing set, everything lives in the data folder."""

import hashlib
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from kombu import Exchange, Queue

from agentsite.embedded import folder

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# ---- where data lives ---------------------------------------------------------------------------

DATA_DIR = folder.data_folder()
DATABASE_URL: str = env("DATABASE_URL", default=folder.database_url(DATA_DIR))
DATABASES = {
    "default": env.db_url_config(DATABASE_URL)
    | {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 0}
}
# Web processes ask for it (agentsite.web): a new backend plans its first queries from nothing. What
# forks must not: a pool's threads stay behind in the parent.
if env.bool("DATABASE_POOL", default=False):
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 18}
# Only apps.core.statements prepares any; from its second use on, a connection keeps the plan.
DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = 1
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
UPLOADS_DIR = Path(env("AGENTSITE_UPLOADS", default=str(DATA_DIR / "uploads")))
# Bytes that one form may bring; the command has no limit.
UPLOAD_LIMIT: int = env.int("AGENTSITE_UPLOAD_LIMIT", default=2_000_000_000)
# Bytes, unpacked, of one body of POST /v1/ingest/sessions. It is read as a stream.
INGEST_LIMIT: int = env.int("AGENTSITE_INGEST_LIMIT", default=8_000_000_000)
# Bytes of one file of the API, and of all files of a workspace together; 0 is no limit.
FILE_LIMIT: int = env.int("AGENTSITE_FILE_LIMIT", default=500_000_000)
FILES_QUOTA: int = env.int("AGENTSITE_FILES_QUOTA", default=0)

# ---- the site -----------------------------------------------------------------------------------

DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = env("SECRET_KEY", default="") or folder.secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
# What secrets at rest are sealed with, newest first; without them, keys come from SECRET_KEY.
CREDENTIAL_KEYS: list[str] = env.list("CREDENTIAL_KEYS", default=[])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Behind TLS everything is stricter; on this machine alone, plain http must work.
HTTPS: bool = env.bool("AGENTSITE_HTTPS", default=False)

ROOT_URLCONF = "agentsite.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "apps.core",
    "apps.accounts",
    "apps.engine",
    "apps.webhooks",
    "apps.files",
    "apps.agents",
    "apps.memory",
    "apps.sessions",
    "apps.otlp",
    "apps.linking",
    "apps.reviews",
    "apps.outcomes",
    "apps.dreams",
    "apps.dreams.managed",
    "apps.demo",
]
MIDDLEWARE = [
    "apps.core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.accounts.middleware.WorkspaceMiddleware",
]
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
                "csp.context_processors.nonce",
                "apps.core.context.shell",
            ],
        },
    }
]

# ---- people -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_SIGN_IN: bool = env.bool("PASSWORD_SIGN_IN", default=True)
# An OpenID Connect provider that people sign in with; nothing of it is loaded without an issuer.
OIDC_ISSUER: str = env("OIDC_ISSUER", default="").rstrip("/")
# Whom one provider calls 42 is nobody to another: what we remember carries the provider's hash.
OIDC_PROVIDER: str = hashlib.sha256(OIDC_ISSUER.encode()).hexdigest()[:16]
OIDC_CLIENT_ID: str = env("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET: str = env("OIDC_CLIENT_SECRET", default="")
OIDC_NAME: str = env("OIDC_NAME", default="your organisation")
OIDC_ALLOWED_DOMAINS: list[str] = env.list("OIDC_ALLOWED_DOMAINS", default=[])
# What a newcomer becomes, and where; without a role they wait for an invite.
OIDC_DEFAULT_ROLE: str = env("OIDC_DEFAULT_ROLE", default="")
OIDC_WORKSPACE: str = env("OIDC_WORKSPACE", default="default")
if OIDC_ISSUER:
    INSTALLED_APPS += [
        "allauth.account",
        "allauth.socialaccount",
        "allauth.socialaccount.providers.openid_connect",
    ]
    MIDDLEWARE.append("allauth.account.middleware.AccountMiddleware")
    SOCIALACCOUNT_ADAPTER = "apps.accounts.sso.Adapter"
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": OIDC_PROVIDER,
                    "name": OIDC_NAME,
                    "client_id": OIDC_CLIENT_ID,
                    "secret": OIDC_CLIENT_SECRET,
                    "settings": {"server_url": OIDC_ISSUER},
                }
            ],
        }
    }

# ---- safety -------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024

# ---- memory -------------------------------------------------------------------------------------

MEMORIES_PER_STORE: int = env.int("MEMORIES_PER_STORE", default=10_000)
# How long old versions say what they said: 0 is for ever, else at least 30 days.
MEMORY_VERSIONS_KEPT_DAYS: int = env.int("MEMORY_VERSIONS_KEPT_DAYS", default=0)

# ---- models -------------------------------------------------------------------------------------

# What asks them; only workers load it.
ENGINE = "apps.engine.claude.ClaudeEngine"
# What workspaces without a key of their own ask with, and where: any server that speaks alike.
ANTHROPIC_API_KEY: str = env("ANTHROPIC_API_KEY", default="")
ANTHROPIC_BASE_URL: str = env("ANTHROPIC_BASE_URL", default="")
# What is asked where nobody chose a model.
ENGINE_DREAM_MODEL: str = env("ENGINE_DREAM_MODEL", default="claude-opus-5-5")
ENGINE_GRADING_MODEL: str = env("ENGINE_GRADING_MODEL", default="claude-sonnet-5-5")
# Questions of one job that are under way together.
ENGINE_AT_ONCE: int = env.int("ENGINE_AT_ONCE", default=4)
# Whoever asks says so at least this often; one that did not is taken for gone.
ENGINE_LEASE_SECONDS: int = env.int("ENGINE_LEASE_SECONDS", default=60)
# How long answers are kept, so that nothing is paid for twice. What they cost stays.
ENGINE_CALLS_KEPT_DAYS: int = env.int("ENGINE_CALLS_KEPT_DAYS", default=30)

# ---- dreams -------------------------------------------------------------------------------------

# What is seen in fewer sessions than this is an anecdote, and no pattern.
DREAM_MIN_SESSIONS: int = env.int("DREAM_MIN_SESSIONS", default=3)
# A worker that dreams says so at least this often; one that did not is taken for gone.
DREAM_LEASE_SECONDS: int = env.int("DREAM_LEASE_SECONDS", default=60)
# Longer than this no dream takes: it fails with `timeout`.
DREAM_TIMEOUT_HOURS: int = env.int("DREAM_TIMEOUT_HOURS", default=24)
# Sessions that one job reads; what a second of reading came to is kept together.
DREAM_SESSIONS_PER_JOB: int = env.int("DREAM_SESSIONS_PER_JOB", default=10)
# Bytes of a store that a dream still reads; 0 is no limit.
DREAM_STORE_LIMIT: int = env.int("DREAM_STORE_LIMIT", default=100_000_000)
# Memory stores of a workspace beyond which no dream makes another; 0 is no limit.
DREAM_MOST_STORES: int = env.int("DREAM_MOST_STORES", default=1_000)

# ---- outcomes -----------------------------------------------------------------------------------

# A worker that grades says so at least this often; one that did not is taken for gone.
OUTCOME_LEASE_SECONDS: int = env.int("OUTCOME_LEASE_SECONDS", default=60)
# Longer than this no grading takes: it fails with `timeout`.
OUTCOME_TIMEOUT_HOURS: int = env.int("OUTCOME_TIMEOUT_HOURS", default=24)
# Characters of what is graded; longer than this no grader reads with care.
OUTCOME_ARTIFACT_LIMIT: int = env.int("OUTCOME_ARTIFACT_LIMIT", default=400_000)
# The share of what gates, by weight, that must pass.
OUTCOME_PASS_SCORE: float = env.float("OUTCOME_PASS_SCORE", default=1.0)
# With so many labels of people, a criterion on which they and the grader agree less than this
# (Cohen's kappa) is advisory: it is judged, and gates nothing.
OUTCOME_MIN_LABELS: int = env.int("OUTCOME_MIN_LABELS", default=20)
OUTCOME_MIN_KAPPA: float = env.float("OUTCOME_MIN_KAPPA", default=0.6)
# Past sessions that a proposal is tried on at most, and characters of the store that are sent along
# beyond what the proposal touches.
OUTCOME_TRIAL_SESSIONS: int = env.int("OUTCOME_TRIAL_SESSIONS", default=20)
OUTCOME_TRIAL_MEMORY_LIMIT: int = env.int("OUTCOME_TRIAL_MEMORY_LIMIT", default=100_000)

# ---- the API -------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "apps.core.api.errors.answer",
    "DEFAULT_SCHEMA_CLASS": "apps.core.api.documenting.Described",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "agentsite",
    "DESCRIPTION": "The wire format of Claude Managed Agents, and what stands beside it.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SORT_OPERATIONS": False,
    "POSTPROCESSING_HOOKS": [],  # enums stay where they stand
}
# Per key; 0 is no limit.
API_READS_PER_MINUTE: int = env.int("API_READS_PER_MINUTE", default=120_000)
API_WRITES_PER_MINUTE: int = env.int("API_WRITES_PER_MINUTE", default=60_000)

# The server that the vendor's own tests expect: it undoes every change made through the API.
CONFORMANCE: bool = env.bool("AGENTSITE_CONFORMANCE", default=False)
if CONFORMANCE:
    INSTALLED_APPS.append("apps.conformance")
    MIDDLEWARE.append("apps.conformance.undoing.UndoingMiddleware")

# ---- language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE: str = env("TIME_ZONE", default="UTC")
USE_I18N = False
USE_TZ = True

# ---- static files -------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Where the bytes of files lie: below UPLOADS_DIR, or in any storage that Django can write to.
    "files": env.json(
        "AGENTSITE_FILES_STORAGE",
        default={"BACKEND": "django.core.files.storage.FileSystemStorage"},
    ),
    "staticfiles": {"BACKEND": "apps.core.static.Storage"},
}
if CONFORMANCE:
    STORAGES["files"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
MEDIA_ROOT = UPLOADS_DIR
WHITENOISE_USE_FINDERS = True

# ---- what all processes count together: requests of a key, attempts to sign in -------------------

CELERY_BROKER_URL: str = env("CELERY_BROKER_URL", default=folder.broker_url(DATA_DIR))
CACHE_URL: str = env("CACHE_URL", default=folder.cache_url(CELERY_BROKER_URL))
CACHES = {"default": env.cache_url_config(CACHE_URL)}

# ---- jobs ---------------------------------------------------------------------------------------

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A task is never given to a second worker while the first may still be at it.
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {} if CELERY_BROKER_URL.startswith("amqp") else {"visibility_timeout": 12 * 3600}
)
CELERY_TASK_DEFAULT_QUEUE = "default"
# A worker takes from all of them, unless it is started with `-Q`.
CELERY_TASK_QUEUES = [
    Queue(name, Exchange(name), routing_key=name) for name in ("default", "dreams", "outcomes")
]
CELERY_TASK_ROUTES = {
    "apps.dreams.tasks.run_dream": {"queue": "dreams"},
    "apps.dreams.tasks.read_sessions": {"queue": "dreams"},
    "apps.outcomes.tasks.run_evaluation": {"queue": "outcomes"},
}
# Of each linked workspace. The vendor allows an organisation 1,200 reads a minute in all.
LINK_REQUESTS_PER_MINUTE: int = env.int("AGENTSITE_LINK_REQUESTS_PER_MINUTE", default=600)
# Whether an admin of a workspace may link an address of the network that this server stands in.
LINKS_MAY_BE_PRIVATE: bool = env.bool("AGENTSITE_LINKS_MAY_BE_PRIVATE", default=False)
# What beat asks for, by the seconds between; what nobody began by the next time is left out.
_SWEEPS = {
    10: ("core.tasks.heartbeat", "otlp.tasks.settle_spans"),
    15: (
        "dreams.tasks.sweep_dreams",
        "dreams.managed.tasks.sweep_managed",
        "outcomes.tasks.sweep_evaluations",
        "outcomes.tasks.sweep_trials",
    ),
    60: (
        "engine.tasks.fetch_batches",
        "linking.tasks.sync_links",
        "sessions.tasks.resume_imports",
    ),
    600: ("otlp.tasks.forget_traces",),
    3600: (
        "engine.tasks.forget_answers",
        "files.tasks.sweep_files",
        "memory.tasks.forget_old_versions",
        "memory.tasks.verify_histories",
        "sessions.tasks.clear_imports",
    ),
}
CELERY_BEAT_SCHEDULE = {
    name: {"task": f"apps.{name}", "schedule": float(every), "options": {"expires": every - 1}}
    for every, names in _SWEEPS.items()
    for name in names
}

# ---- logs ---------------------------------------------------------------------------------------

LOG_FORMAT: str = env("LOG_FORMAT", default="console")
LOG_LEVEL: str = env("LOG_LEVEL", default="INFO")
LOGGING_CONFIG = "apps.core.logs.configure"
LOGGING = {"level": LOG_LEVEL, "format": LOG_FORMAT}
