"""What the templates of accounts are given."""

from services_dir.accounts.pages.own import (
    OwnPage,
    OwnPasswordPage,
    PasskeyLine,
    PasskeysPage,
    SessionLine,
    SessionsPage,
)
from services_dir.accounts.pages.people import (
    AccountLine,
    NewLinkPage,
    PeoplePage,
    PersonPage,
    Standing,
)
from services_dir.accounts.pages.signing_in import (
    AppPage,
    CodePage,
    LinkPage,
    OfferAppPage,
    PasskeyButton,
    ProveFirstPage,
    ProvePage,
    RecoveryCodesPage,
    SignedOutPage,
    SignInPage,
)

__all__ = [
    "AccountLine",
    "AppPage",
    "CodePage",
    "LinkPage",
    "NewLinkPage",
    "OfferAppPage",
    "OwnPage",
    "OwnPasswordPage",
    "PasskeyButton",
    "PasskeyLine",
    "PasskeysPage",
    "PeoplePage",
    "PersonPage",
    "ProveFirstPage",
    "ProvePage",
    "RecoveryCodesPage",
    "SessionLine",
    "SessionsPage",
    "SignInPage",
    "SignedOutPage",
    "Standing",
]
