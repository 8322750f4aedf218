"""The small forms anybody may send: to begin, to send, to take back, to report, to ask for a link."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from services_dir.errors import N_
from services_dir.submissions.forms.program import check_email
from services_dir.submissions.forms.rows import line, text
from services_dir.submissions.rules import Flag
from services_dir.values import new_token
from services_dir.web.forms import PublicForm

_TICKET = re.compile(r"[\w-]{32}", re.ASCII)

REPORTS = {
    Flag.NUMBER_SILENT: N_("A number does not answer"),
    Flag.WRONG_NUMBER: N_("A number is wrong"),
    Flag.WRONG_ADDRESS: N_("The address is wrong"),
    Flag.CLOSED: N_("It is closed"),
    Flag.ADDRESS_EXPOSED: N_("An address that should be secret is shown"),
    Flag.UNSAFE: N_("It is not safe, or not what it says it is"),
    Flag.OTHER: N_("Something else"),
}


class Ticketed(PublicForm):
    """A form whose ticket becomes the private link: pressed four times it does one thing."""

    ticket = HiddenField()

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        if not _TICKET.fullmatch(self.ticket.data or ""):
            self.ticket.data = new_token()


class StartForm(Ticketed):
    """Begins a draft."""

    form_name = "start"
    may_be_quick = True

    email = line(
        _l("Your e-mail"),
        check_email,
        most=254,
        description=_l("We send your private link there, so that you can go on later. You may leave it out."),
        autocomplete="email",
        inputmode="email",
    )


class SendForm(PublicForm):
    """Sends what was typed; `seen` is the newest revision when the page was made."""

    form_name = "send"
    seen = HiddenField()


class ButtonForm(PublicForm):
    """A button on the sender's own page."""

    form_name = "own-page"
    may_be_quick = True


class ProblemForm(Ticketed):
    """Reports that something is wrong; nobody is asked who she is."""

    form_name = "problem"

    what = RadioField(
        _l("What is wrong?"),
        choices=[SelectChoice(flag.value, _l(label)) for flag, label in REPORTS.items()],
        validators=[InputRequired(_l("Choose what is wrong."))],
    )
    message = text(
        _l("Tell us in a sentence"),
        rows=3,
        most=2000,
        description=_l("Which number or place, and when you tried. Nothing about a person who was harmed."),
    )
    email = line(
        _l("Your e-mail"),
        check_email,
        most=254,
        description=_l("Only if you want a link that shows what came of it."),
        autocomplete="email",
        inputmode="email",
    )
    sure = HiddenField()

    @property
    def flag(self) -> Flag:
        """Give what was chosen."""
        return Flag(self.what.data)


class LinkForm(PublicForm):
    """Asks for a private link by mail."""

    form_name = "link"

    email = line(
        _l("Your e-mail"),
        InputRequired(_l("Write the e-mail address that you gave us.")),
        check_email,
        most=254,
        autocomplete="email",
        inputmode="email",
    )
