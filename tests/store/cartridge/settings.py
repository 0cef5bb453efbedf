"""A small Cartridge shop, in Chinese as far as it goes. The folder of its data and its name come from the environment."""

from __future__ import annotations

import locale
import os
from pathlib import Path

from mezzanine.utils.conf import set_dynamic_settings

FOLDER = Path(os.environ["STORE_FOLDER"])
SECRET_KEY = "of a store that lives for one test"
NEVERCACHE_KEY = "of its cache"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "tests.store.cartridge.urls"
SITE_ID = 1
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = (("zh-hans", "简体中文"),)
USE_I18N = True
USE_L10N = False  # dates as its owner sets them:
SHORT_DATE_FORMAT = "Y-m-d H:i"
STATIC_URL = "/static/"
STATIC_ROOT = FOLDER / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = FOLDER / "media"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(FOLDER / os.environ.get("STORE_DATABASE", "store.db")),
        "OPTIONS": {"timeout": 20},
    }
}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTHENTICATION_BACKENDS = ("mezzanine.core.auth_backends.MezzanineBackend",)
INSTALLED_APPS = (
    *("django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.redirects"),
    *("django.contrib.sessions", "django.contrib.sites", "django.contrib.sitemaps", "django.contrib.messages"),
    *("django.contrib.staticfiles", "mezzanine.boot", "mezzanine.conf", "mezzanine.core", "mezzanine.generic"),
    *("mezzanine.pages", "cartridge.shop", "mezzanine.accounts"),
)
MIDDLEWARE = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cartridge.shop.middleware.ShopMiddleware",
    "mezzanine.core.request.CurrentRequestMiddleware",
    "mezzanine.pages.middleware.PageMiddleware",
)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.request",
                "mezzanine.conf.context_processors.settings",
                "mezzanine.pages.context_processors.page",
            ],
            "builtins": ["mezzanine.template.loader_tags"],
        },
    }
]
LOGGING = {"version": 1, "disable_existing_loggers": False, "loggers": {"django.request": {"level": "ERROR"}}}
PACKAGE_NAME_FILEBROWSER = "filebrowser_safe"
PACKAGE_NAME_GRAPPELLI = "grappelli_safe"
CACHE_MIDDLEWARE_KEY_PREFIX = "cartridge"

# What its owner would set: no page of cards, a look at the order before it is sent, an account for every buyer, sizes and colours.
SITE_TITLE = os.environ.get("STORE_NAME", "Cartridge")
SHOP_PAYMENT_STEP_ENABLED = False
SHOP_CHECKOUT_STEPS_SPLIT = False
SHOP_CHECKOUT_STEPS_CONFIRMATION = True
SHOP_CHECKOUT_ACCOUNT_REQUIRED = True
SHOP_OPTION_TYPE_CHOICES = ((1, "颜色"), (2, "尺码"))
SHOP_CURRENCY_LOCALE = "C.UTF-8"  # yuan, on a machine that does not know China's:
locale._override_localeconv = {
    **{"currency_symbol": "￥", "frac_digits": 2, "p_cs_precedes": 1, "p_sep_by_space": 0, "p_sign_posn": 1},
    **{"mon_decimal_point": ".", "mon_thousands_sep": ",", "mon_grouping": [3, 0]},
}

set_dynamic_settings(globals())
