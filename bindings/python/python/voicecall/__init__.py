"""Client for the Huawei Cloud VoiceCall service (语音通话).

Places calls, ends them, fetches recordings, and reads the webhooks that the platform pushes. The library **never rings
twice by itself** and **never loses a CDR**.

`Client` and `AsyncClient` perform the operations, `Intake` keeps what the platform pushes and tells the story of each
call, `voicecall.webhook` only reads pushes, `voicecall.codes` knows the platform's codes, and `voicecall.testing` has a
local platform for tests. Models, enumerations and exceptions are here under their own names.
"""

# A name that is imported "as" itself, or by a star, is a name of this module to type checkers.
from . import enums as enums
from . import errors as errors
from . import models as models
from . import webhook as webhook
from ._native import __version__ as __version__
from .async_client import AsyncClient as AsyncClient
from .client import Client as Client
from .enums import *
from .errors import *
from .models import *
from .webhook import Webhook as Webhook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import codes as codes
    from . import intake as intake
    from .async_intake import AsyncIntake as AsyncIntake
    from .intake import Intake as Intake
else:

    def __getattr__(name):
        """Loads what not every program needs when it is first named, for an import that is a twentieth shorter."""
        if name == "Intake":
            from .intake import Intake as found
        elif name == "AsyncIntake":
            from .async_intake import AsyncIntake as found
        elif name in ("codes", "intake"):
            found = __import__(f"{__name__}.{name}", fromlist=["*"])
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found
        return found

    def __dir__():
        return sorted({*globals(), "AsyncIntake", "Intake", "codes", "intake"})
