"""The board: earlier articles first, equal lines once, a failure stops only what it concerns."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.batch.board import ArticleDraft, Board, Finished, Row, Stage, State, TaskAnswer, chunks


class Line:
    """Stands for what is to be said."""

    def __init__(self, text: str) -> None:
        self.text = text


SPOKEN = TaskAnswer(1)


def drafted(slug: str, keys: str) -> TaskAnswer:
    row = Row(slug, slug, lines=len(keys))
    return TaskAnswer(ArticleDraft(row, "tone", tuple((key, Line("字" * 100)) for key in keys)))


def finished(fresh: bool = True) -> TaskAnswer:
    return TaskAnswer(Finished(1000, fresh))


def board_of(*keys: str) -> Board:
    """A board with an article for each of `keys`, all of them drafted."""
    board = Board()
    for index in range(len(keys)):
        board.admit(index, f"{index}")
    for work in [board.next() for _ in keys]:
        board.answer(work, drafted(work.article.row.seed, keys[work.article.index]))
    return board


def test_one_article_goes_through_its_stages():
    board = board_of("xy")
    first, second = board.next(), board.next()
    assert [first.stage, second.stage, board.next()] == [Stage.SPEAK, Stage.SPEAK, None]
    board.answer(first, SPOKEN)
    assert board.next() is None
    board.answer(second, SPOKEN)
    work = board.next()
    assert work.stage is Stage.MIX
    board.answer(work, finished())
    (row,) = board.rows()
    assert (row.slug, row.state, row.lines, row.spoken) == ("0", State.MADE, 2, 2)


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
    board = board_of("k", "k")
    work = board.next()
    assert work.stage is Stage.SPEAK
    assert board.next() is None
    board.answer(work, SPOKEN)
    assert [board.next().stage for _ in range(2)] == [Stage.MIX, Stage.MIX]


def test_nothing_missing_goes_straight_to_the_mix_and_is_kept():
    board = board_of("")
    work = board.next()
    assert work.stage is Stage.MIX
    board.answer(work, finished(fresh=False))
    assert next(board.rows()).state is State.KEPT


def test_a_failed_article_hands_its_lines_on():
    board = board_of("abk", "k")
    board.answer(board.next(), TaskAnswer(None, "this line cannot be said"))  # a
    (row,) = board.rows()
    assert (row.seed, row.state, row.error) == ("0", State.FAILED, "this line cannot be said")
    work = board.next()
    assert (work.article.index, [key for key, _ in work.chunk]) == (1, ["k"])
    board.answer(work, SPOKEN)
    assert board.next().stage is Stage.MIX


def test_a_line_that_cannot_be_said_fails_every_article_that_has_it():
    board = board_of("k", "k")
    board.fail(board.next(), "no")
    assert [row.state for row in board.rows()] == [State.FAILED] * 2


@given(
    st.lists(st.text("abcdefgh", max_size=6), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
    st.integers(0, 3),
)
def test_whatever_happens_every_article_ends_once(articles, dice: random.Random, faults):
    """Answers in any order, some of them failures: every row comes once, each line is
    given out once while it is in progress."""
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
            board.answer(work, drafted(work.article.row.seed, keys))
        elif work.stage is Stage.SPEAK:
            board.answer(work, TaskAnswer(len(work.chunk)))
        else:
            board.answer(work, finished())
    assert sorted(row.seed for row in rows) == sorted(map(str, range(len(articles))))
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
