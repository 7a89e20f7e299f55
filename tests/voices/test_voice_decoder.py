"""What the decoder is given, re-derived slowly; and its sound beside the whole model it stands for."""

import numpy as np
import onnx
import pack_decoder
import pytest
from conftest import SHARED
from hypothesis import given
from hypothesis import strategies as st
from onnx import numpy_helper
from whole_model import whole_model

from bobao import files
from bobao.model import RATE
from bobao.pronounce.lexicon import EMPTY
from bobao.voices import registry
from bobao.voices.kokoro import decoder, model, voicing
from bobao.voices.kokoro.score import score
from bobao.voices.kokoro.voicing import FRAME
from bobao.voices.shaping import level

SAID = score("周末开放到晚上九点。", (), EMPTY)
TRAINED = SHARED / "voices" / "fast-decoder" / "fast-model.onnx"
CONTOURS = st.lists(
    st.one_of(st.just(0.0), st.floats(5, 49), st.floats(60, 400)), min_size=1, max_size=40
).map(np.array)


@given(CONTOURS)
def test_pulses_fall_where_the_phase_is_whole(f0: np.ndarray) -> None:
    """Re-derived one pulse at a time, by adding shapes in a loop."""
    cycles = decoder.phase(f0)
    train = decoder.pulses(f0, cycles)
    wanted = np.zeros(len(f0) * 300)
    centres = np.arange(len(f0)) * 300 + 149.5
    for whole in range(int(np.ceil(cycles[0])), int(np.floor(cycles[-1])) + 1):
        time = float(np.interp(whole, cycles, centres))
        hertz = f0[min(int(time / 300), len(f0) - 1)]
        if hertz <= 50:
            continue
        for at in range(int(time) - 15, int(time) + 17):
            if 0 <= at < len(wanted):
                away = at - time
                window = 0.5 + 0.5 * np.cos(np.pi * away / 17)
                wanted[at] += 0.5 * np.sqrt(24000 / hertz) * np.sinc(away) * window
    assert np.allclose(train, wanted, atol=1e-4)


@given(CONTOURS)
def test_features_say_what_they_are_said_to(f0: np.ndarray) -> None:
    cycles = decoder.phase(f0)
    made = decoder.pitch_features(f0, cycles)
    assert made.shape == (len(f0), decoder.FEATURES)
    assert made.dtype == np.float32
    for t, hertz in enumerate(f0):
        voiced = float(hertz > 50)
        following = f0[(t + 1) % len(f0)]
        row = [np.log(max(hertz, 10)) - 5, voiced, hertz / 200]
        for k in (1, 2, 3, 4):
            angles = [2 * np.pi * k * (cycles[t] + hertz / 24000 * o) for o in (-74.5, 75.5)]
            row += [voiced * np.sin(a) for a in angles] + [voiced * np.cos(a) for a in angles]
        row.append(np.log(max(following, 10)) - np.log(max(hertz, 10)))
        assert np.allclose(made[t], row, atol=1e-4)


def test_inputs_have_the_decoders_shapes_and_edges() -> None:
    rng = np.random.default_rng(1)
    x = rng.standard_normal((40, 512), dtype=np.float32)
    f0 = np.where(np.arange(40) % 20 < 12, 180.0, 4.0)
    made, t = decoder.inputs(x, f0, np.ones((1, 128), np.float32)), 40 + 2 * decoder.EDGE
    spectra = dict.fromkeys(("Sr", "Si", "Nr", "Ni"), (1, 2 * t, 301))
    assert {name: value.shape for name, value in made.items()} == {
        "x": (1, t, 512), "ft": (1, t, 20), "st": (1, 128), "mx": (1, 512), **spectra
    }  # fmt: skip
    assert all(value.dtype == np.float32 for value in made.values())
    for name in ("x", "ft"):
        assert not made[name][0, : decoder.EDGE].any()
        assert not made[name][0, -decoder.EDGE :].any()
    assert np.allclose(made["mx"][0], x.mean(axis=0))
    noise = decoder.inverse(made["Nr"][0] + 1j * made["Ni"][0])
    assert np.std(noise[600:-600]) == pytest.approx(1.0, abs=0.05)


def test_what_ships_is_what_the_constants_name() -> None:
    assert files.sha256(decoder.decoder_graph()) == decoder.DECODER_SHA256
    for info in model.VOICES:
        table = model.styles(info.name)
        assert table.shape == (510, 256)
        assert np.isfinite(table).all()


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
