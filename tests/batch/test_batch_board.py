"""The board: earlier articles first, equal lines once, a failure stops only what it concerns."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.batch.board import Board, Stage
from bobao.batch.report import Drafted, Finished, Spoken, State
from bobao.batch.tasks import chunks


class Line:
    """Stands for what is to be said."""

    def __init__(self, text: str) -> None:
        self.text = text


def drafted(slug: str, keys: str) -> Drafted:
    return Drafted(
        slug, slug, 10, len(keys), "tone", tuple((key, Line("字" * 100)) for key in keys)
    )


def finished(fresh: bool = True) -> Finished:
    return Finished(1000, 1, fresh)


def test_one_article_goes_through_its_stages():
    board = Board(clock=lambda: 0.0)
    board.admit(0, "a.txt")
    work = board.next()
    assert work.stage is Stage.DRAFT
    board.answer(work, drafted("a", "xy"))
    first, second = board.next(), board.next()
    assert [first.stage, second.stage, board.next()] == [Stage.SPEAK, Stage.SPEAK, None]
    board.answer(first, Spoken(1, 10))
    assert board.next() is None
    board.answer(second, Spoken(1, 10))
    work = board.next()
    assert work.stage is Stage.MIX
    board.answer(work, finished())
    (row,) = board.rows()
    assert (row.slug, row.state, row.lines, row.spoken) == ("a", State.MADE, 2, 2)
    assert board.under_way == 0


def test_earlier_articles_come_first():
    board = Board()
    for index in (1, 0):
        board.admit(index, f"{index}.txt")
    first, second = board.next(), board.next()
    assert first.article.index == 0
    board.answer(second, drafted("1", "b"))
    board.answer(first, drafted("0", "a"))
    assert board.next().article.index == 0


def test_a_line_of_two_articles_is_spoken_once():
    board = Board()
    for index in (0, 1):
        board.admit(index, f"{index}.txt")
    for work in (board.next(), board.next()):
        board.answer(work, drafted(work.article.seed[0], "k"))
    work = board.next()
    assert work.stage is Stage.SPEAK
    assert board.next() is None
    board.answer(work, Spoken(1, 10))
    assert [board.next().stage for _ in range(2)] == [Stage.MIX, Stage.MIX]


def test_nothing_missing_goes_straight_to_the_mix_and_is_kept():
    board = Board()
    board.admit(0, "a.txt")
    board.answer(board.next(), drafted("a", ""))
    work = board.next()
    assert work.stage is Stage.MIX
    board.answer(work, finished(fresh=False))
    assert next(board.rows()).state is State.KEPT


def test_a_failed_article_hands_its_lines_on():
    board = Board()
    for index in (0, 1):
        board.admit(index, f"{index}.txt")
    first, second = board.next(), board.next()
    board.answer(first, drafted("0", "abk"))
    board.answer(second, drafted("1", "k"))
    board.fail(board.next(), "this line cannot be said")  # a
    (row,) = board.rows()
    assert (row.seed, row.state, row.error) == ("0.txt", State.FAILED, "this line cannot be said")
    work = board.next()
    assert (work.article.index, [key for key, _ in work.chunk]) == (1, ["k"])
    board.answer(work, Spoken(1, 10))
    assert board.next().stage is Stage.MIX


def test_a_line_that_cannot_be_said_fails_every_article_that_has_it():
    board = Board()
    for index in (0, 1):
        board.admit(index, f"{index}.txt")
    for work in (board.next(), board.next()):
        board.answer(work, drafted(work.article.seed[0], "k"))
    board.fail(board.next(), "no")
    assert [row.state for row in board.rows()] == [State.FAILED] * 2


@given(
    st.lists(st.text("abcdefgh", max_size=6), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
    st.integers(0, 3),
)
def test_whatever_happens_every_article_ends_once(articles, dice: random.Random, faults):
    """Answers in any order, some of them failures: every row comes, each line is given out once
    while it is in progress, and nothing stays on the board."""
    board = Board()
    for index in range(len(articles)):
        board.admit(index, f"{index}")
    out, rows, failing = [], [], faults
    while True:
        while (work := board.next()) is not None:
            busy = [key for other in out for key, _ in other.chunk]
            assert not {key for key, _ in work.chunk} & set(busy)
            out.append(work)
        rows += board.rows()
        if not out:
            break
        work = out.pop(dice.randrange(len(out)))
        if failing and dice.random() < 0.2:
            failing -= 1
            board.fail(work, "failed")
        elif work.stage is Stage.DRAFT:
            keys = "".join(dict.fromkeys(articles[work.article.index]))
            board.answer(work, drafted(work.article.seed, keys))
        elif work.stage is Stage.SPEAK:
            board.answer(work, Spoken(len(work.chunk), 1))
        else:
            board.answer(work, finished())
    assert sorted(row.seed for row in rows) == sorted(map(str, range(len(articles))))
    assert board.under_way == 0
    assert sum(row.state is State.FAILED for row in rows) <= faults * len(articles)


@pytest.mark.parametrize(
    ("sizes", "runs"),
    [([], []), ([10], [1]), ([500], [1]), ([100, 100], [1, 1]), ([50, 50, 50, 50], [3, 1])],
)
def test_chunks(sizes, runs):
    lines = [(str(n), Line("字" * size)) for n, size in enumerate(sizes)]
    cut = list(chunks(lines))
    assert [len(each) for each in cut] == runs
    assert [line for each in cut for line in each] == lines
