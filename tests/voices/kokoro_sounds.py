"""Sounds and phonemes for tests, without a text's own front end."""

from bobao.pronounce.sounds import Sound, SoundKind
from bobao.voices.kokoro.phonemes import BETWEEN, Phoneme

MARKS = "，。、；：！？…—"
MUTE = "“”‘’《》（）"


def sounds_of(words: list[str]) -> tuple[Sound, ...]:
    """A hanzi a sound, a Latin word a sound, a mark a sound; `words` count from 0."""
    made, at = [], 0
    for number, word in enumerate(words):
        pieces = [word] if word.isascii() else list(word)
        for piece in pieces:
            kind = SoundKind.LATIN if piece.isascii() else SoundKind.HANZI
            kind = SoundKind.PAUSE if piece in MARKS else kind
            kind = SoundKind.MUTE if piece in MUTE else kind
            made.append(Sound(kind, piece, at, at + len(piece), number))
            at += len(piece)
    return tuple(made)


def phonemes_of(sounds: tuple[Sound, ...]) -> tuple[Phoneme, ...]:
    """Three phonemes a syllable, two a letter, one a mark or quote, spaces between words."""
    made: list[Phoneme] = []
    for index, sound in enumerate(sounds):
        if index and sound.word != sounds[index - 1].word and sound.kind is SoundKind.HANZI:
            made.append(Phoneme(" ", 16, BETWEEN))
        count = {SoundKind.HANZI: 3, SoundKind.LATIN: 2 * len(sound.text)}.get(sound.kind, 1)
        made += [Phoneme("p", 58, index)] * count
    return tuple(made)
