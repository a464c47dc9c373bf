"""Client for the Huawei Cloud VoiceCall service (语音通话).

Places calls, ends them, fetches recordings, and reads the webhooks that the platform pushes. The library **never rings
twice by itself** and **never loses a CDR**.

`Client` and `AsyncClient` perform the operations, `voicecall.webhook` reads pushes, `voicecall.codes` knows the platform's
codes, and `voicecall.testing` has a local platform for tests. Models, enumerations and exceptions are here under their
own names.
"""

from voicecall import codes, enums, errors, models, webhook
from voicecall._native import __version__
from voicecall.async_client import AsyncClient
from voicecall.client import Client
from voicecall.enums import *
from voicecall.errors import *
from voicecall.models import *
from voicecall.webhook import Webhook

__all__ = ["AsyncClient", "Client", "Webhook", "__version__", "codes", "enums", "errors", "models", "webhook"]
__all__ += enums.__all__
__all__ += errors.__all__
__all__ += models.__all__
