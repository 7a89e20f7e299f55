"""The texts beside a bulletin's MP3, one module a format; each renders, purely, to a string."""
