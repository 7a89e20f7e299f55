"""Certificates, proxies, and no network at all."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from edge_fixtures import QUICK, proxy
from edge_service import Conduct, Service, first, running

from bobao.errors import BobaoError
from bobao.voices.edge.client import Settings, from_environment, proxy_for, without_password
from bobao.voices.edge.engine import EdgeEngine
from bobao.voices.edge.faults import Fault, Kind
from bobao.voices.engine import GaveUp, Utterance

pytest_plugins = ["edge_fixtures"]
Certificates = tuple[Path, ssl.SSLContext]
SAID = Utterance("今天多云。", "zh-CN-YunyangNeural")


def engine(url: str, **more: Any) -> EdgeEngine:
    return EdgeEngine(Settings(**{"url": url, **QUICK, **more}))


def refused(made: EdgeEngine, kind: Kind) -> str:
    with pytest.raises(GaveUp) as caught:
        made.speak(SAID)
    assert caught.value.what.startswith(kind.value.what)
    assert kind.value.advice in caught.value.advice
    return caught.value.what


def test_a_certificate_nobody_knows(edge_network, edge_certificates: Certificates) -> None:
    with running(edge_certificates[1]) as service:
        what = refused(engine(service.url), Kind.CERTIFICATE)
        assert "127.0.0.1" in what
        assert service.doors == 0


def test_the_newsrooms_own_certificates(edge_network, edge_certificates: Certificates) -> None:
    """The client knows certifi's authorities only, whatever SSL_CERT_FILE says."""
    edge_network.setenv("SSL_CERT_FILE", str(edge_certificates[0]))
    with running(edge_certificates[1]) as service:
        made = engine(service.url)
        assert made.speak(SAID).marks
        assert "service tells now" in made.update_voices(now=True)
        assert service.lists == 1


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_certificates_that_are_none(edge_network, tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content:
        path.write_text(content)
    edge_network.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(BobaoError, match="names no file of certificates") as caught:
        engine("http://127.0.0.1:9").speak(SAID)
    assert caught.value.where == str(path)


def test_a_name_the_certificate_is_not_for(edge_network, edge_certificates: Certificates) -> None:
    edge_network.setenv("SSL_CERT_FILE", str(edge_certificates[0]))
    with running(edge_certificates[1]) as service, proxy() as way:
        edge_network.setenv("HTTPS_PROXY", f"http://127.0.0.1:{way.port}")
        refused(engine(f"https://wrong.example:{service.port}/readaloud"), Kind.CERTIFICATE)


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_proxy_is_used(variable: str, edge_network, edge_certificates: Certificates) -> None:
    """aiohttp looks up the proxy of a WebSocket under WSS_PROXY, which nobody sets."""
    edge_network.setenv("SSL_CERT_FILE", str(edge_certificates[0]))
    with running(edge_certificates[1]) as service, proxy() as way:
        edge_network.setenv(variable, f"http://127.0.0.1:{way.port}")
        made = engine(f"https://speech.example:{service.port}/readaloud")
        assert made.speak(SAID).marks
        assert "service tells now" in made.update_voices(now=True)
        assert way.tunnels == [f"speech.example:{service.port}"] * 2


def test_the_proxys_password(edge_network, edge_certificates: Certificates) -> None:
    edge_network.setenv("SSL_CERT_FILE", str(edge_certificates[0]))
    with running(edge_certificates[1]) as service, proxy(password="desk:secret") as way:
        url = f"https://speech.example:{service.port}/readaloud"
        edge_network.setenv("HTTPS_PROXY", f"http://desk:secret@127.0.0.1:{way.port}")
        assert engine(url).speak(SAID).marks
        edge_network.setenv("HTTPS_PROXY", f"http://desk:wrong@127.0.0.1:{way.port}")
        what = refused(engine(url), Kind.PROXY)
        assert "407" in what
        assert "wrong" not in what


def test_hosts_that_need_no_proxy(edge_service: Service, edge_network) -> None:
    edge_network.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    edge_network.setenv("NO_PROXY", "127.0.0.1")
    assert engine(edge_service.url).speak(SAID).marks


def test_a_proxy_that_refuses_is_not_a_clock(edge_network, edge_certificates: Certificates) -> None:
    """The client takes any 403 for a wrong clock, and this one has no date."""
    with running(edge_certificates[1]) as service, proxy(status=403) as way:
        edge_network.setenv("HTTPS_PROXY", f"http://127.0.0.1:{way.port}")
        refused(engine(f"https://speech.example:{service.port}/readaloud"), Kind.PROXY)


def test_a_proxy_that_is_not_there(edge_network) -> None:
    edge_network.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port()}")
    refused(engine("https://speech.example/readaloud"), Kind.PROXY)


def test_a_proxy_of_another_kind(edge_network) -> None:
    edge_network.setenv("HTTPS_PROXY", "socks5://desk:secret@127.0.0.1:1080")
    what = refused(engine("https://speech.example/readaloud"), Kind.PROXY)
    assert "socks5://127.0.0.1:1080" in what
    assert "secret" not in what


def test_proxies_by_scheme(edge_network) -> None:
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
    assert without_password("http://a:b@host:1") == "http://host:1"


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_nobody_there(edge_network) -> None:
    what = refused(engine(f"http://127.0.0.1:{closed_port()}/readaloud"), Kind.OFFLINE)
    assert "3 times" in what
    assert "SSLContext" not in what


def test_no_network(edge_network) -> None:
    def nothing(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    edge_network.setattr(socket, "getaddrinfo", nothing)
    what = refused(EdgeEngine(Settings(**QUICK)), Kind.OFFLINE)
    assert "speech.platform.bing.com:443: Name or service not known" in what


def test_an_address_of_ones_own(edge_service: Service, edge_network) -> None:
    edge_network.setenv("BOBAO_EDGE_URL", edge_service.url + "/")
    assert EdgeEngine().speak(SAID).marks
    assert from_environment().url == edge_service.url


@pytest.mark.parametrize(
    "url", ["speech.example", "ftp://speech.example", "https://", "https://a/b?c=d"]
)
def test_an_address_that_is_none(url: str, edge_network) -> None:
    edge_network.setenv("BOBAO_EDGE_URL", url)
    with pytest.raises(BobaoError, match="BOBAO_EDGE_URL is not"):
        from_environment()


def test_misconduct_over_tls(edge_network, edge_certificates: Certificates) -> None:
    edge_network.setenv("SSL_CERT_FILE", str(edge_certificates[0]))
    with running(edge_certificates[1]) as service:
        service.script = first(
            Conduct(end="drop", after=0.5),
            Conduct(end="close", after=0.5),
            Conduct(end="stall", after=0.5),
        )
        assert engine(service.url, idle_s=0.7).speak(SAID).marks
        assert service.doors == 4
