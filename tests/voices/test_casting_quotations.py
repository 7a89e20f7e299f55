"""Which lines are quoted speech: rather too few than too many."""

import pytest
from casting_stuff import line

from bobao.model import LineKind
from bobao.voices.casting import quoted


@pytest.mark.parametrize(
    ("paragraph", "flags"),
    [
        (["“干部在一线，问题在一线解决。”"], "q"),
        (["“干部在一线，问题在一线解决”。"], "q"),
        (["「我們今年收成很好。」"], "q"),
        (["“今年收成怎么样？”", "老张笑着说。"], "q."),
        (["“第一句话在这里。", "第二句话也在这里。", "第三句话到此为止。”", "他说完了。"], "qqq."),
        (["“他告诉我‘一定要来看看’，我就来了。”"], "q"),
        # The speaker is named in the line, or the quotation is a word of a sentence.
        (["老张说：“今年收成很好。”"], "."),
        (["“今年收成很好。”老张说。"], "."),
        (["“两带三盟”助推共同富裕。"], "."),
        (["他说：“第一句话在这里。", "第二句话也在这里。”"], ".."),
        (["“第一句话在这里。", "第二句话也在这里。”他说。"], ".."),
        # Two voices in one line, a mere word, an exclamation, marks that are not closed.
        (["“今年收成好吗？”“今年收成很好。”"], "."),
        (["“共同富裕先行镇”"], "."),
        (["“好！”"], "."),
        (["“今年收成很好。"], "."),
        (["今年收成很好。”"], "."),
        ([], ""),
    ],
)
def test_quotations(paragraph: list[str], flags: str) -> None:
    found = quoted([line(text) for text in paragraph])
    assert "".join("q" if flag else "." for flag in found) == flags


def test_only_running_text_is_quoted() -> None:
    kinds = [LineKind.CAPTION, LineKind.SIGNPOST, LineKind.TABLE, LineKind.SUBHEAD]
    assert not any(quoted([line("“这里是一句完整的话。”", kind) for kind in kinds]))


def test_a_line_between_that_is_not_text_does_not_hide_the_rest() -> None:
    lines = [line("“这是一句完整的话。"), line("（图）", LineKind.CAPTION), line("这是第二句话。”")]
    assert quoted(lines) == (True, True, True)
