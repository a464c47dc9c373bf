"""Ready receivers of pushes for web frameworks, one module each: `flask`, `django`, `asgi` and `wsgi`.

Each takes a `Webhook` and a function that gets the events, and answers the platform. The function has stored the event
when it returns. If it raises, the exception goes on to the framework, which logs it and answers 500: the platform then
sends CDRs again after an hour, at most six times. Status events it never sends again.
"""
