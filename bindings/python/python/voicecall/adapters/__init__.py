"""Ready receivers for web frameworks, one module each: `flask`, `django`, `aiohttp`, `asgi` and `wsgi`.

Each takes an `Intake`, which stores pushes before they are answered, and may be given a function that is then told of
each. What that raises is logged on the logger `voicecall`, and changes nothing: the answer says what became of the
push.

Or it takes a `Webhook` and a function that gets the events, and has stored the event when it returns. If it raises, the
exception goes on to the framework, which logs it and answers 500: the platform then sends CDRs again after an hour, at
most six times. Status events it never sends again.
"""
