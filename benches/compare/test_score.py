"""The tests of the scoring, which `make wheels` runs."""

import unittest

import score


class Score(unittest.TestCase):
    def test_a_label_is_found_once(self):
        wanted = [{"by": "me", "at_ms": 1_000}, {"by": "them", "at_ms": 5_000}]
        found = [{"by": "me", "at_ms": 1_700}, {"by": "me", "at_ms": 1_100}, {"by": "me", "at_ms": 5_000}]
        self.assertEqual(score.pairs(found, wanted, score.SAME["interruptions"]), 1)

    def test_spans_are_alike_by_half(self):
        span = lambda start, end: {"start_ms": start, "end_ms": end}
        self.assertTrue(score.half(span(0, 4_000), span(2_000, 6_000)))
        self.assertFalse(score.half(span(0, 4_000), span(2_100, 6_100)))
        self.assertFalse(score.half(span(0, 4_000), span(0, 9_000)))

    def test_speech_is_counted_by_its_length(self):
        found, wanted = {"me": [(0, 1_000)], "them": []}, {"me": [(500, 2_000)], "them": [(0, 100)]}
        self.assertEqual(score.speech_ms(found, wanted), [500, 1_000, 1_600])

    def test_a_text_is_held_to_the_turns_that_were_not_cut_off(self):
        turn = lambda start, text, **more: {"track": "me", "start_ms": start, "end_ms": start + 1_000, "text": text,
                                            "kind": "turn", "cut": False} | more
        labels = {
            "language": "en",
            "duration_ms": 60_000,
            "utterances": [turn(0, "How are you?"), turn(5_000, "I was", cut=True), turn(9_000, "Right.", kind="backchannel")],
        }
        line = lambda start, text: {"track": "me", "start_ms": start, "end_ms": start + 900, "text": text}
        text = score.Text()
        text.add("call", labels, [line(5_050, "I saw"), line(50, "how is you"), line(30_000, "Thanks!"), line(9_000, "Light")])
        self.assertEqual((text.error_rate("call"), text.phantom_rate()), ("33.3%", "6.0"))

    def test_characters_count_in_japanese_and_numerals_are_alike(self):
        self.assertEqual(score.units("三時です。", True), score.units("3時です", True))
        self.assertEqual(score.distance(list("レビュー"), list("レヴュー")), 1)


if __name__ == "__main__":
    unittest.main()
