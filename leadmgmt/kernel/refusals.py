"""A refusal is a no, said by an action to a person: what is wrong and what to do next."""


class Refusal(Exception):
    """Base of all `Cannot…` exceptions.

    The message is a translated sentence for the user. `field` names the input at fault, if one
    is; pages show it there, the API answers with problem+json (`status`).
    """

    status = 422

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Conflict(Refusal):
    """Someone else was quicker, or the state has moved on; asking again may not help."""

    status = 409
