"""Pure renderers: a result and a language become a card. Nothing here talks to Discord or reads the clock."""
