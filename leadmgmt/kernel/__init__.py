"""What every app stands on: events, the outbox that carries them, refusals, typed environment.

Main words: event (a fact about a batch), reaction (what follows, now or later), outbox (later
reactions waiting in the database), refusal (a no with a sentence for the person who asked).
"""
