"""What the clinic's functions share."""

import uuid


def new_id():
    return str(uuid.uuid4())
