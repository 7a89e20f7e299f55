"""What the tests of the online voice share; each names this module in ``pytest_plugins``."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from edge_service import QUICK, Service, running

from bobao.voices.edge import voicelist
from bobao.voices.edge.client import Settings
from bobao.voices.edge.engine import EdgeEngine

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ws_proxy", "wss_proxy")


@pytest.fixture
def edge_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No proxy, no certificates, no list of voices, no clock skew learnt in another test."""
    from edge_tts.drm import DRM

    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setattr(voicelist, "_path", lambda: tmp_path / "edge-voices.json")
    monkeypatch.setattr(DRM, "clock_skew_seconds", 0.0)
    return monkeypatch


@pytest.fixture
def edge_service(edge_network: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service on a plain socket."""
    with running() as made:
        yield made


@pytest.fixture
def edge_engine(edge_service: Service) -> Callable[..., EdgeEngine]:
    """Make an engine that asks the service and does not wait long."""
    return lambda **settings: EdgeEngine(Settings(**{"url": edge_service.url, **QUICK, **settings}))


@pytest.fixture(scope="session")
def edge_certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """An authority that nobody knows (its PEM file), and a server's context signed by it."""
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes the certificates of this test, is not installed")
    folder = tmp_path_factory.mktemp("certificates")
    (folder / "leaf.ext").write_text(
        "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:speech.example\n"
        "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
    )
    key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    for command in (
        f"req -x509 {key} -days 2 -subj /CN=Newsroom -keyout ca.key -out ca.pem "
        "-addext keyUsage=critical,keyCertSign",
        f"req {key} -subj /CN=localhost -keyout leaf.key -out leaf.csr",
        "x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out leaf.pem "
        "-extfile leaf.ext",
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "leaf.pem", folder / "leaf.key")
    return folder / "ca.pem", context
