"""Settings of django-allauth and of passwords."""

from urllib.parse import urlsplit

from commonhall.config.environment import base_url

ACCOUNT_ADAPTER = "commonhall.accounts.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "commonhall.accounts.signup.SignupForm"
ACCOUNT_FORMS = {
    "add_email": "commonhall.accounts.forms.AddAddressForm",
    "change_password": "commonhall.accounts.forms.ChangePasswordForm",
    "confirm_email_verification_code": "commonhall.accounts.forms.EmailCodeForm",
    "confirm_login_code": "commonhall.accounts.forms.LoginCodeForm",
    "login": "commonhall.accounts.forms.SignInForm",
    "reauthenticate": "commonhall.accounts.forms.PasswordAgainForm",
    "request_login_code": "commonhall.accounts.forms.AskForCodeForm",
    "reset_password": "commonhall.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "commonhall.accounts.forms.NewPasswordForm",
    "set_password": "commonhall.accounts.forms.FirstPasswordForm",
    "signup": "commonhall.accounts.forms.JoinForm",
}
MFA_FORMS = {
    "activate_totp": "commonhall.accounts.forms.SetUpAppForm",
    "add_webauthn": "commonhall.accounts.forms.AddPasskeyForm",
    "authenticate": "commonhall.accounts.forms.SecondStepForm",
    "edit_webauthn": "commonhall.accounts.forms.NamePasskeyForm",
    "reauthenticate": "commonhall.accounts.forms.SecondStepAgainForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# A whole council may share one address on the internet, and signs in at nine o'clock: what counts is the account.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "120/m/ip,5/300s/key",
    "request_login_code": "300/m/ip,3/m/key",
    "signup": "120/m/ip",
    "reset_password": "120/m/ip,3/m/key",
    "reset_password_from_key": "120/m/ip",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["commonhall.accounts.backend.Backend"]

PASSWORD_HASHERS = ["commonhall.accounts.hashers.BoundedArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

MFA_ADAPTER = "commonhall.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Commonhall"
# Browsers give passkeys to https and, for trying out, to this very machine by its name.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = urlsplit(base_url()).hostname == "localhost"
