"""What the decoder is given, and what is made of its answer."""

import numpy as np
import pytest

from bobao import files
from bobao.voices.kokoro import decoder, model


def features(frames: int = 40) -> decoder.Features:
    rng = np.random.default_rng(1)
    return decoder.Features(
        x=rng.standard_normal((frames, 512), dtype=np.float32),
        f0=np.where(np.arange(frames) % 20 < 12, 180.0, 4.0),
        style=rng.standard_normal((1, 128), dtype=np.float32),
    )


def test_inputs_have_the_decoders_shapes_and_edges() -> None:
    made = decoder.inputs(features(40))
    t = 40 + 2 * decoder.EDGE
    shapes = {name: value.shape for name, value in made.items()}
    spectra = dict.fromkeys(("Sr", "Si", "Nr", "Ni"), (1, 2 * t, 301))
    assert shapes == {
        "x": (1, t, 512), "ft": (1, t, 20), "st": (1, 128), "mx": (1, 512), **spectra
    }  # fmt: skip
    assert all(value.dtype == np.float32 for value in made.values())
    for name in ("x", "ft"):
        assert not made[name][0, : decoder.EDGE].any()
        assert not made[name][0, -decoder.EDGE :].any()
    assert np.allclose(made["mx"][0], features(40).x.mean(axis=0))


def test_inputs_hold_the_source_and_the_fixed_noise() -> None:
    given = features(24)
    made = decoder.inputs(given)
    source = decoder.inverse(made["Sr"][0] + 1j * made["Si"][0])
    cut = slice(decoder.EDGE * 300, -decoder.EDGE * 300)
    wanted = decoder.pulses(given.f0, decoder.phase(given.f0))
    assert np.allclose(source[cut], wanted, atol=1e-4)
    noise = decoder.inverse(made["Nr"][0] + 1j * made["Ni"][0])
    assert np.std(noise[600:-600]) == pytest.approx(1.0, abs=0.05)
    again = decoder.inputs(given)
    assert all((made[name] == again[name]).all() for name in made)


class Echo:
    """A decoder that answers with the pulse source it is given."""

    def run(self, outputs: list[str], inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
        assert outputs == ["re", "im"]
        return [inputs["Sr"], inputs["Si"]]


def test_decoding_cuts_the_edges_and_sets_the_gain() -> None:
    given = features(30)
    samples = decoder.decode(Echo(), given)
    wanted = decoder.pulses(given.f0, decoder.phase(given.f0)) * decoder.GAIN
    assert samples.shape == (30 * 300,)
    assert samples.dtype == np.float32
    assert np.allclose(samples, wanted, atol=1e-4)


def test_what_ships_is_what_the_constants_name() -> None:
    assert files.sha256(decoder.decoder_graph()) == decoder.DECODER_SHA256
    for info in model.VOICES:
        table = model.styles(info.name)
        assert table.shape == (510, 256)
        assert np.isfinite(table).all()
