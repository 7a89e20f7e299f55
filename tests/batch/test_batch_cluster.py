"""A cluster on loopback and a shared store: what a local run makes, and nothing done twice."""

from __future__ import annotations

import json

import pytest
from batch_stuff import made, station

from bobao.batch import versions
from bobao.cli import _run


@pytest.fixture(scope="module")
def scheduler():
    """The address of a scheduler with two worker processes."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        yield cluster.scheduler_address


@pytest.fixture(autouse=True)
def _a_day(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")


def batch(place, capsys, *options):
    capsys.readouterr()
    code = _run(["batch", "--engine", "tone", "--json", "-w", str(place), *options])
    said = capsys.readouterr()
    return code, json.loads(said.out) if said.out else said.err


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_makes_what_one_machine_makes(tmp_path, capsys, scheduler):
    alone, far, store = station(tmp_path / "a"), station(tmp_path / "b"), tmp_path / "store"
    assert batch(alone, capsys)[0] == 0
    options = ("--scheduler", scheduler, "--store", store.as_uri())
    code, totals = batch(far, capsys, *options)
    assert (code, totals["made"]) == (0, 3)
    assert made(store) == made(alone)
    assert {path.name: path.read_bytes() for path in far.glob("scripts/*.md")} == {
        path.name: path.read_bytes() for path in alone.glob("scripts/*.md")
    }, "the scripts come back into the editor's tray"
    mp3 = next(store.glob("output/road/*.mp3"))
    assert mp3.read_bytes() == next(alone.glob("output/road/*.mp3")).read_bytes()
    code, totals = batch(far, capsys, *options)
    assert (code, totals["kept"], totals["spoken"]) == (0, 3, 0)
    mp3.unlink()
    code, totals = batch(far, capsys, *options)
    assert (code, totals["kept"], totals["made"], totals["spoken"]) == (0, 2, 1, 0)
    assert mp3.is_file()


@pytest.mark.filterwarnings("ignore")
def test_an_s3_store(tmp_path, capsys, monkeypatch, scheduler):
    server = pytest.importorskip("moto.server")
    distributed = pytest.importorskip("distributed")
    s3 = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    s3.start()
    try:
        host, port = s3.get_host_and_port()
        keys = {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "FSSPEC_S3_ENDPOINT_URL": f"http://{host}:{port}",
        }
        for name, value in keys.items():
            monkeypatch.setenv(name, value)
        import fsspec.config

        fsspec.config.set_conf_env(fsspec.config.conf)
        with distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address=None, env=keys
        ) as cluster:
            fsspec.filesystem("s3").mkdir("archive")
            options = ("--scheduler", cluster.scheduler_address, "--store", "s3://archive/x")
            place = station(tmp_path)
            code, totals = batch(place, capsys, *options)
            assert (code, totals["made"]) == (0, 3)
            names = fsspec.filesystem("s3").find("archive/x/output/road")
            assert "archive/x/output/road/road.mp3" in names
            code, totals = batch(place, capsys, *options)
            assert (code, totals["kept"]) == (0, 3)
    finally:
        fsspec.config.conf.pop("s3", None)
        s3.stop()


@pytest.mark.filterwarnings("ignore")
def test_other_versions_are_refused(tmp_path, capsys, monkeypatch, scheduler):
    place = station(tmp_path)
    real = versions.versions
    monkeypatch.setattr("bobao.batch.cluster.versions", lambda engine: f"newer than {real(engine)}")
    code, told = batch(place, capsys, "--scheduler", scheduler, "--store", tmp_path.as_uri())
    assert code == 1
    assert "refused" in told


def test_a_scheduler_that_is_not_there(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("bobao.batch.cluster.CONNECT_S", 1)
    place = station(tmp_path)
    options = ("--scheduler", "tcp://127.0.0.1:9", "--store", (tmp_path / "s").as_uri())
    code, told = batch(place, capsys, *options)
    assert code == 1
    assert "does not answer" in told
