#!/usr/bin/env python3
"""Which blocks of the sensor's images run: what is counted, what is kept, and that counting changes nothing else.

    coverage_test.py SLUICE_RUN BUILD_DIR [TEST...]
"""
import pathlib
import struct
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "corpus" / "channel"), str(ROOT / "tests" / "reference")]
import faults  # noqa: E402
import generate  # noqa: E402
from sensor_events import encode, events_for  # noqa: E402
from worker import Worker, frame  # noqa: E402

PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
SENSOR = pathlib.Path(sys.argv.pop(1)).resolve() / "sensor"
ADAPTER = str(SENSOR / "image" / "adapter.so")
DEFINED = {t.id: t.inputs for t in generate.content.template_types()}
SUPPLIES = {"1": 12, "2": 8, "3": 20}
HIT, REACHABLE = 1, 2


def request(name):
    """The content of that name, and events for it."""
    channel = generate.GOOD[name]() if name in generate.GOOD else generate.content.mixed()
    if name in faults.FAULTS:
        faults.FAULTS[name](channel)
    return generate.make(name), encode(events_for(channel, DEFINED))


def worker(build="7.11", *options, machine="x86_64"):
    return Worker(PROGRAM, ADAPTER, "--image", str(SENSOR / "image" / machine / f"{build}.sys"), *options)


def run(serving, name, **keys):
    return serving.run(*request(name), supplies=SUPPLIES, **keys)


def listed(serving, others=()):
    """What is answered to `blocks`, and the rows: offset, size, address, flags, lengths of instructions."""
    answer, blob = serving.ask({"id": 9, "do": "blocks"}, struct.pack(f"<{len(others)}I", *others))
    rows, at = [], 24 * answer["blocks"]
    for i in range(answer["blocks"]):
        offset, size, address, flags, _ = struct.unpack_from("<IIQII", blob, 24 * i)
        begin, left = at, size
        while left > 0:
            left -= blob[at]
            at += 1
        assert left == 0, "the lengths of a block's instructions are not its own"
        rows.append((offset, size, address, flags, blob[begin:at]))
    assert at == len(blob), "there are more instructions than blocks have"
    return answer, rows


class Coverage(unittest.TestCase):
    def hit(self, name, *names, build="7.11"):
        """Of a session with these contents: what each run hit."""
        with worker(build, "--coverage") as serving:
            return [set(run(serving, each)[0]["blocks_hit"]) for each in (name, *names)]

    def test_more_content_reaches_more(self):
        [few], [many] = self.hit("wildcard_only"), self.hit("good_mixed")
        self.assertLess(len(few), len(many))
        self.assertGreater(len(few), 50)
        # Criteria are matched in one of them alone.
        self.assertGreater(len(many - few), 50)

    def test_the_same_input_hits_the_same(self):
        first, second, third = self.hit("good_mixed", "good_mixed", "good_mixed")
        self.assertEqual(self.hit("good_mixed"), [first])
        self.assertEqual(second, third)
        # The driver is entered once: that is all that the first has and the others have not.
        self.assertLessEqual(second, first)
        self.assertLess(len(first - second), 10)

    def test_a_fault_keeps_what_ran_before_it(self):
        with worker("7.11", "--coverage") as serving:
            answer, _ = run(serving, "replay_291")
            self.assertEqual(answer["fault"]["kind"], "out-of-bounds")
            faulted = set(answer["blocks_hit"])
            _, rows = listed(serving)
            at = answer["fault"]["frames"][0]["offset"]
            [block] = [offset for offset, size, *_ in rows if offset <= at < offset + size]
            self.assertIn(block, faulted)
            # Another child hits what it hits, and both count.
            clean = set(run(serving, "good_mixed")[0]["blocks_hit"])
            _, rows = listed(serving)
        self.assertEqual({offset for offset, _, _, flags, _ in rows if flags & HIT}, faulted | clean)
        self.assertEqual([faulted], self.hit("replay_291"))

    def test_the_list_of_blocks(self):
        with worker("7.11", "--coverage") as serving:
            answer, rows = listed(serving)
            self.assertEqual((answer["hit"], answer["reachable"], answer["fault"]), (0, 0, None))
            self.assertEqual(answer["blocks"], serving.hello["blocks"])
            self.assertGreater(len(rows), 300)
            for (begin, size, *_), (after, *_) in zip(rows, rows[1:]):
                self.assertLessEqual(begin + size, after)
            hit = set(run(serving, "good_mixed")[0]["blocks_hit"])
            answer, rows = listed(serving)
            self.assertEqual({offset for offset, _, _, flags, _ in rows if flags & HIT}, hit)
            reachable = {offset for offset, _, _, flags, _ in rows if flags & REACHABLE}
            self.assertLess(hit, reachable)
            self.assertEqual((answer["hit"], answer["reachable"]), (len(hit), len(reachable)))
        # What ran in other sessions counts as well, and what is no block does not.
        with worker("7.11", "--coverage") as serving:
            answer, _ = listed(serving, [*hit, 1, 0xFFFFFFFF])
            self.assertEqual((answer["hit"], answer["reachable"]), (len(hit), len(reachable)))

    def test_counting_changes_nothing_else(self):
        names = [*generate.GOOD, *faults.FAULTS]
        self.assertGreater(len(names), 30)
        for build in ("7.10", "7.11", "7.12"):
            with worker(build) as plain, worker(build, "--coverage") as counting:
                self.assertEqual(plain.hello, {key: counting.hello[key] for key in plain.hello})
                for name in names:
                    with self.subTest(name, build=build):
                        wanted, wanted_blob = run(plain, name, trace=True)
                        told, blob = run(counting, name, trace=True)
                        self.assertGreater(len(told.pop("blocks_hit")), 0)
                        self.assertEqual((told, blob), (wanted, wanted_blob))

    def test_a_measurement_is_none_of_it(self):
        content, _ = request("good_mixed")
        with worker("7.11", "--coverage") as serving:
            event = encode([e for e in events_for(generate.GOOD["good_mixed"](), DEFINED) if e[0] == 3][:1])
            told = serving.measure(3, content, event)
            self.assertEqual((told["count"], told["certain"]), (20, True))
            self.assertEqual(listed(serving)[0]["hit"], 0)

    def test_what_has_no_blocks_to_count(self):
        with worker("7.11", "--coverage", machine="aarch64") as serving:
            self.assertIsNone(serving.hello["blocks"])
            answer, _ = run(serving, "wildcard_only")
            self.assertIsNone(answer["fault"])
            self.assertIsNone(answer["blocks_hit"])
            answer, blob = serving.ask({"id": 9, "do": "blocks"})
            self.assertEqual((answer["blocks"], answer["hit"], answer["fault"], blob), (None, None, None, b""))
        for replica in (SENSOR / "7.11.so", SENSOR / "plain" / "7.12.so"):
            with Worker(PROGRAM, str(replica), "--coverage") as serving:
                self.assertIsNone(serving.hello["blocks"])
                self.assertIsNone(run(serving, "wildcard_only")[0]["blocks_hit"])

    def test_who_does_not_ask_is_not_told(self):
        with worker() as serving:
            self.assertNotIn("blocks", serving.hello)
            self.assertNotIn("blocks_hit", run(serving, "wildcard_only")[0])
        words = [PROGRAM, "--image", str(SENSOR / "image" / "x86_64" / "7.11.sys"), ADAPTER]
        done = subprocess.run(words, input=frame({"id": 1, "do": "blocks"}), capture_output=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (2, b"sluice-run: `blocks` is for a worker with --coverage\n"))
        done = subprocess.run([*words, "--coverage"], input=frame({"id": 1, "do": "blocks"}, b"123"),
                              capture_output=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr),
                         (2, b"sluice-run: the blob of `blocks` is no list of offsets\n"))


if __name__ == "__main__":
    unittest.main()
