"""The one exception that a user can cause."""


class RmtextError(Exception):
    """The input or the request was wrong.

    The message is for the person who made the mistake: one or two sentences, what is wrong and what to do
    about it. The command line prints it and exits with code 1. A bug stays a traceback.
    """
