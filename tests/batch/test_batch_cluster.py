"""A cluster on loopback and a shared store: what a local run makes, and nothing done twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from batch_stuff import TINY, alone, made, station
from conftest import several_processes

from bobao.batch import cluster as clustering
from bobao.batch import site
from bobao.cli import run
from bobao.errors import BobaoError
from bobao.publish import cover
from bobao.station.workspace import locate

pytestmark = [pytest.mark.filterwarnings("ignore"), several_processes]


@pytest.fixture(scope="module")
def s3():
    """What a machine's environment says of an S3-compatible store, which is there."""
    server = pytest.importorskip("moto.server")
    fsspec = pytest.importorskip("fsspec")
    store = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    host, port = store.get_host_and_port()
    keys = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "FSSPEC_S3_ENDPOINT_URL": f"http://{host}:{port}",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in keys.items():
            patch.setenv(name, value)
        fsspec.config.set_conf_env(fsspec.config.conf)
        yield keys
    fsspec.config.conf.pop("s3", None)
    store.stop()


@pytest.fixture(scope="module")
def scheduler(s3):
    """The address of a scheduler with two worker processes."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50, env=s3
    ) as cluster:
        yield cluster.scheduler_address


@pytest.fixture(autouse=True)
def _a_day(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")


def batch(place, capsys, *options):
    capsys.readouterr()
    code = run(["batch", "--engine", "tone", *TINY, "--json", "-w", str(place), *options])
    said = capsys.readouterr()
    return code, json.loads(said.out) if said.out else said.err


def own_cover(place, picture):
    """Give a station a cover of its own."""
    (place / "ours.png").write_bytes(picture)
    settings = (place / "bobao.toml").read_text("utf-8")
    assert settings.count('\ncover = ""') == 1
    changed = settings.replace('\ncover = ""', '\ncover = "ours.png"')
    (place / "bobao.toml").write_text(changed, "utf-8")


def test_a_cluster_makes_what_one_machine_makes(tmp_path, capsys, scheduler):
    near, far, store = station(tmp_path / "a"), station(tmp_path / "b"), tmp_path / "store"
    logo = cover.draw("logo")
    for place in (near, far):
        own_cover(place, logo)
    assert not any(row.error for row in alone(near))
    options = ("--scheduler", scheduler, "--store", store.as_uri())
    code, totals = batch(far, capsys, *options)
    assert (code, totals["made"]) == (0, 3)
    assert made(store) == made(near)
    assert {path.name: path.read_bytes() for path in far.glob("scripts/*.md")} == {
        path.name: path.read_bytes() for path in near.glob("scripts/*.md")
    }, "the scripts come back into the editor's tray"
    assert (store / "output/road/cover.png").read_bytes() == logo
    mp3 = next(store.glob("output/road/*.mp3"))
    assert mp3.read_bytes() == next(near.glob("output/road/*.mp3")).read_bytes()
    mp3.unlink()
    code, totals = batch(far, capsys, *options)
    assert (code, totals["kept"], totals["made"], totals["spoken"]) == (0, 2, 1, 0)
    assert mp3.is_file()


def test_an_s3_store(tmp_path, capsys, scheduler):
    import fsspec

    fsspec.filesystem("s3").mkdir("archive")
    options = ("--scheduler", scheduler, "--store", "s3://archive/x")
    place = station(tmp_path)
    code, totals = batch(place, capsys, *options)
    assert (code, totals["made"]) == (0, 3)
    names = fsspec.filesystem("s3").find("archive/x/output/road")
    assert "archive/x/output/road/road.mp3" in names
    code, totals = batch(place, capsys, *options)
    assert (code, totals["kept"], totals["spoken"]) == (0, 3, 0)


def test_a_store_that_fails_is_a_clear_error(tmp_path, capsys, monkeypatch, scheduler):
    def write(self, name, data):
        raise RuntimeError("slow down")  # as packages of stores have errors of their own

    monkeypatch.setattr("bobao.batch.site.Depot.write", write)
    options = ("--scheduler", scheduler, "--store", (tmp_path / "store").as_uri())
    code, said = batch(station(tmp_path / "a"), capsys, *options)
    assert code == 1
    assert "the shared store does not do as it should: slow down" in said


def test_a_cover_that_no_worker_can_see_is_refused(tmp_path):
    place = station(tmp_path / "a")
    own_cover(place, cover.draw("logo"))
    site.shared((tmp_path / "store").as_uri(), locate(place))
    (place / "ours.png").rename(tmp_path / "ours.png")
    settings = (place / "bobao.toml").read_text("utf-8")
    (place / "bobao.toml").write_text(settings.replace("ours.png", "../ours.png"), "utf-8")
    with pytest.raises(BobaoError, match="outside the workspace"):
        site.shared((tmp_path / "store").as_uri(), locate(place))


def test_a_late_worker_of_another_version_is_refused(tmp_path, scheduler):
    """A worker process that really has another version ends by itself, and says why."""
    (tmp_path / "sitecustomize.py").write_text("import bobao\nbobao.__version__ = '0.0.9'\n")
    root = Path(clustering.__file__).parents[2]
    path = os.pathsep.join(map(str, (tmp_path, root)))
    order = ["-m", "dask", "worker", scheduler, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    with clustering.Cluster(scheduler, "tone") as cluster:
        late = subprocess.Popen(
            [sys.executable, *order, "--local-directory", str(tmp_path)],
            env={**os.environ, "PYTHONPATH": path}, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        _, said = late.communicate(timeout=120)
        assert "refused: this worker has bobao 0.0.9" in said
        assert cluster.room == 4


def test_workers_keep_no_profile(scheduler):
    """It would grow for an hour; what is left is what Dask itself needs."""
    from distributed import Client

    with (
        clustering.Cluster(scheduler, "tone"),
        Client(scheduler, set_as_default=False) as client,
    ):
        clocks = client.run(lambda dask_worker: sorted(dask_worker.periodic_callbacks))
    assert len(clocks) == 2
    for names in clocks.values():
        assert not {"profile", "profile-cycle"} & set(names)
        assert "heartbeat" in names


@pytest.mark.parametrize("error", [OSError("timed out"), RuntimeError("closed"), TimeoutError()])
def test_a_scheduler_that_is_lost_is_a_clear_error(scheduler, monkeypatch, error):
    def lost(*_, **__):
        raise error

    with clustering.Cluster(scheduler, "tone") as cluster:
        monkeypatch.setattr(cluster._client, "nthreads", lost)
        monkeypatch.setattr(cluster._executor, "submit", lost)
        for work in (lambda: cluster.room, lambda: cluster.submit(str)):
            with pytest.raises(BobaoError, match="answers no more") as caught:
                work()
            assert "what is finished is kept" in caught.value.advice


def test_work_that_reaches_another_version_goes_elsewhere():
    distributed = pytest.importorskip("distributed")
    with pytest.raises(distributed.Reschedule):
        clustering.as_agreed("tone", "bobao 0.0.9", str)
    with pytest.raises(distributed.Reschedule):  # this worker has no such engine
        clustering.as_agreed("elsewhere", "bobao 1.0, engine elsewhere 1", str)
    assert clustering.as_agreed("tone", clustering.versions("tone"), str, 1) == "1"


def test_other_versions_are_refused(tmp_path, capsys, monkeypatch, scheduler):
    place = station(tmp_path)
    real = clustering.versions
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
