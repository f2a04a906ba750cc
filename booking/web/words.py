"""Text that is translated when it is shown, for labels and rules made at import."""

from typing import Any

from flask_babel import lazy_gettext

# It becomes text when it is shown; the libraries' hints ask for text from the start.
lazy: Any = lazy_gettext
