"""The fast decoder beside the whole model it stands in for, voice by voice, sample by sample."""

import numpy as np
import onnx
import pack_decoder
import pytest
from conftest import SHARED
from onnx import numpy_helper
from whole_model import whole_model

from bobao.model import RATE
from bobao.pronounce.lexicon import EMPTY
from bobao.voices import registry
from bobao.voices.kokoro import decoder, model, voicing
from bobao.voices.kokoro.score import score
from bobao.voices.kokoro.voicing import FRAME

SAID = score("周末开放到晚上九点。", (), EMPTY)
TRAINED = SHARED / "voices" / "fast-decoder" / "fast-model.onnx"


def log_mel(samples: np.ndarray) -> np.ndarray:
    """[frames, 80] natural logarithms of mel bands, frames of 43 ms every 11 ms."""
    size, hop, bands = 1024, 256, 80
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(samples, size // 2), size)[::hop]
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(size), axis=1))
    hz = np.arange(size // 2 + 1) * RATE / size
    top = 2595 * np.log10(1 + RATE / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, bands + 2) / 2595) - 1)
    up = (hz[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    down = (edges[2:] - hz[:, None]) / (edges[2:] - edges[1:-1])
    return np.log(np.maximum(spectrum @ np.maximum(0, np.minimum(up, down)), 1e-3))


def distance(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference of the log-mel bands where there is speech."""
    mels = log_mel(one), log_mel(other)
    mean = mels[1].mean(axis=1)
    return float(np.abs(mels[0] - mels[1])[mean > mean.max() - 6].mean())


def level(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(samples.astype(np.float64) ** 2)))


@pytest.mark.speech
@pytest.mark.parametrize("voice", [info.name for info in model.VOICES])
def test_the_fast_decoder_follows_the_model(voice: str) -> None:
    """Measured on 24 sentences: distances of 0.22–0.29, levels 0.3 dB apart on an average and at
    most 1.5 dB (zm_yunxia)."""
    ((start, end),) = SAID.units
    given = voicing.inputs(
        [phoneme.token for phoneme in SAID.spoken[start:end]], model.styles(voice), 1.0
    )
    (fast, frames), (whole, wanted) = (
        engine.sounder()(given) for engine in (registry.engine("kokoro"), whole_model())
    )
    assert frames.tolist() == wanted.tolist()
    assert len(fast) == len(whole) == frames.sum() * FRAME
    assert distance(fast, whole) < 0.36
    assert abs(level(fast) - level(whole)) < 2.0
    assert distance(np.roll(fast, RATE // 20), whole) > 0.5  # a shift of 50 ms would be noticed
    assert np.corrcoef(fast, whole)[0, 1] > 0.5  # in phase with the model's own source


@pytest.mark.skipif(not TRAINED.exists(), reason="the shared decoder is not beside this checkout")
def test_what_ships_is_the_trained_decoder_packed() -> None:
    made = onnx.load_from_string(pack_decoder.packed(TRAINED.read_bytes()))
    ships = onnx.load_from_string(decoder.decoder_graph())
    assert [n.SerializeToString() for n in made.graph.node] == [
        n.SerializeToString() for n in ships.graph.node
    ]
    for ours, theirs in zip(ships.graph.initializer, made.graph.initializer, strict=True):
        assert ours.name == theirs.name
        assert (numpy_helper.to_array(ours) == numpy_helper.to_array(theirs)).all()


def test_packed_weights_are_near_the_trained_ones() -> None:
    rng = np.random.default_rng(1)
    weights = (rng.standard_normal((64, 300)) * rng.uniform(0.1, 9, (64, 1))).astype(np.float32)
    for values, axes in ((weights, (1,)), (weights.T, (0,)), (weights.reshape(64, 100, 3), (1, 2))):
        numbers, scale = pack_decoder.quantised(values, axes)
        assert numbers.dtype == np.int8
        assert scale.size == 64
        wrong = np.sqrt(np.mean((numbers * scale - values) ** 2) / np.mean(values**2))
        assert wrong < 0.01
