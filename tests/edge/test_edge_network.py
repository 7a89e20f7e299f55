"""Certificates, proxies, and no network at all."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from edge_service import QUICK, Conduct, Proxy, Service, first, proxy, running

from bobao.errors import BobaoError
from bobao.voices.edge.client import Settings, from_environment, proxy_for
from bobao.voices.edge.engine import EdgeEngine
from bobao.voices.edge.faults import Fault, Kind
from bobao.voices.engine import GaveUp, Utterance

pytest_plugins = ["edge_fixtures"]
Certificates = tuple[Path, ssl.SSLContext]
Environment = pytest.MonkeyPatch
SAID = Utterance("今天多云。", "zh-CN-YunyangNeural")


def engine(url: str, **more: Any) -> EdgeEngine:
    return EdgeEngine(Settings(**{"url": url, **QUICK, **more}))


def refused(made: EdgeEngine, kind: Kind) -> str:
    with pytest.raises(GaveUp) as caught:
        made.speak(SAID)
    assert caught.value.what.startswith(kind.value.what)
    assert kind.value.advice in caught.value.advice
    return caught.value.what


def works(made: EdgeEngine) -> bool:
    return bool(made.speak(SAID).marks) and "service tells now" in made.update_voices(now=True)


@pytest.fixture
def tls(edge_network: Environment, edge_certificates: Certificates) -> Iterator[Service]:
    """A service with a certificate of the newsroom's own authority, which is trusted.

    The client knows certifi's authorities only, whatever SSL_CERT_FILE says.
    """
    edge_network.setenv("SSL_CERT_FILE", str(edge_certificates[0]))
    with running(edge_certificates[1]) as service:
        yield service


@pytest.fixture
def way(edge_network: Environment) -> Iterator[Proxy]:
    """A proxy that the environment names and that has a password."""
    with proxy(password="desk:secret") as made:
        edge_network.setenv("HTTPS_PROXY", f"http://desk:secret@127.0.0.1:{made.port}")
        yield made


def test_a_certificate_nobody_knows(tls: Service, edge_network: Environment) -> None:
    assert works(engine(tls.url))
    doors = tls.doors
    edge_network.delenv("SSL_CERT_FILE")
    assert "127.0.0.1" in refused(engine(tls.url), Kind.CERTIFICATE)
    assert tls.doors == doors


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_certificates_that_are_none(
    edge_network: Environment, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "ca.pem"
    if content:
        path.write_text(content)
    edge_network.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(BobaoError, match="names no file of certificates") as caught:
        engine("http://127.0.0.1:9").speak(SAID)
    assert caught.value.where == str(path)


def test_a_name_the_certificate_is_not_for(tls: Service, way: Proxy) -> None:
    refused(engine(f"https://wrong.example:{tls.port}/readaloud"), Kind.CERTIFICATE)


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_proxy_is_used(
    variable: str, tls: Service, way: Proxy, edge_network: Environment
) -> None:
    """aiohttp looks up the proxy of a WebSocket under WSS_PROXY, which nobody sets."""
    edge_network.delenv("HTTPS_PROXY")
    edge_network.setenv(variable, f"http://desk:secret@127.0.0.1:{way.port}")
    assert works(engine(f"https://speech.example:{tls.port}/readaloud"))
    assert way.tunnels == [f"speech.example:{tls.port}"] * 2


def test_a_wrong_password_of_the_proxy(tls: Service, way: Proxy, edge_network: Environment) -> None:
    edge_network.setenv("HTTPS_PROXY", f"http://desk:wrong@127.0.0.1:{way.port}")
    what = refused(engine(f"https://speech.example:{tls.port}/readaloud"), Kind.PROXY)
    assert "407" in what
    assert "wrong" not in what


def test_a_proxy_that_refuses_is_not_a_clock(tls: Service, edge_network: Environment) -> None:
    """The client takes any 403 for a wrong clock, and this one has no date."""
    with proxy(status=403) as way:
        edge_network.setenv("HTTPS_PROXY", f"http://127.0.0.1:{way.port}")
        refused(engine(f"https://speech.example:{tls.port}/readaloud"), Kind.PROXY)


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("http://127.0.0.1:{}", "127.0.0.1"),
        ("socks5://desk:secret@127.0.0.1:1080", "socks5://127.0.0.1:1080"),
    ],
)
def test_a_proxy_that_is_none(edge_network: Environment, way: str, told: str) -> None:
    edge_network.setenv("HTTPS_PROXY", way.format(closed_port()))
    what = refused(engine("https://speech.example/readaloud"), Kind.PROXY)
    assert told in what
    assert "secret" not in what


def test_proxies_by_scheme(edge_network: Environment) -> None:
    assert proxy_for("wss://speech.example/x") is None
    edge_network.setenv("HTTP_PROXY", "plain.example:3128")
    assert proxy_for("wss://speech.example/x") is None
    assert proxy_for("ws://speech.example/x") == "http://plain.example:3128"
    edge_network.setenv("HTTPS_PROXY", "http://tls.example:3128")
    edge_network.setenv("NO_PROXY", "inside.example")
    assert proxy_for("wss://speech.example/x") == "http://tls.example:3128"
    assert proxy_for("wss://speech.inside.example:8443/x") is None
    edge_network.setenv("HTTPS_PROXY", "http://")
    with pytest.raises(Fault):
        proxy_for("wss://speech.example/x")


def test_nobody_there_and_no_network(edge_network: Environment) -> None:
    what = refused(engine(f"http://127.0.0.1:{closed_port()}/readaloud"), Kind.OFFLINE)
    assert "3 times" in what
    assert "SSLContext" not in what

    def nothing(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    edge_network.setattr(socket, "getaddrinfo", nothing)
    what = refused(EdgeEngine(Settings(**QUICK)), Kind.OFFLINE)
    assert "speech.platform.bing.com:443: Name or service not known" in what


def test_an_address_of_ones_own(edge_service: Service, edge_network: Environment) -> None:
    edge_network.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    edge_network.setenv("NO_PROXY", "127.0.0.1")
    edge_network.setenv("BOBAO_EDGE_URL", edge_service.url + "/")
    assert EdgeEngine().speak(SAID).marks
    for url in ("speech.example", "ftp://speech.example", "https://", "https://a/b?c=d"):
        edge_network.setenv("BOBAO_EDGE_URL", url)
        with pytest.raises(BobaoError, match="BOBAO_EDGE_URL is not"):
            from_environment()


def test_misconduct_over_tls(tls: Service) -> None:
    tls.script = first(*(Conduct(end=end, after=0.5) for end in ("drop", "close", "stall")))
    assert engine(tls.url, idle_s=0.7).speak(SAID).marks
    assert tls.doors == 4
