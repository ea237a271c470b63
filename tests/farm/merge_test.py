#!/usr/bin/env python3
"""A corpus that is made small comes to the same, whoever is at it at the same time.

    merge_test.py SLUICE BUILD_DIR [TEST...]
"""
import hashlib
import importlib.util
import subprocess
import sys
import unittest

import farming

SLUICE, BUILD = farming.arguments()
sys.path.insert(0, str(farming.ROOT / "corpus/channel"))
import generate  # noqa: E402


def named(contents):
    return {hashlib.sha256(content).hexdigest(): content for content in contents}


class MergeTest(farming.Farming):
    sluice, build = SLUICE, BUILD

    def setUp(self):
        super().setUp()
        out = self.folder / "channel"
        subprocess.run([sys.executable, "-B", str(farming.ROOT / "corpus/channel/generate.py"), str(out)], check=True,
                       stdout=subprocess.DEVNULL)
        self.files = named(path.read_bytes() for path in out.iterdir() if path.is_file())

    def test_what_is_kept_comes_to_the_same_and_the_rest_was_superfluous(self):
        kept, reached = self.merge(self.files, "7.10", "7.11")
        self.assertLess(len(kept), len(self.files))
        self.assertGreater(len(kept), 1)
        again, same = self.merge({name: self.files[name] for name in kept}, "7.10", "7.11")
        self.assertEqual((again, same), (kept, reached))
        smallest = min(kept, key=lambda name: (len(self.files[name]), name))
        _, fewer = self.merge({name: self.files[name] for name in kept if name != smallest}, "7.10", "7.11")
        self.assertLess(fewer, reached)

    def test_what_takes_long_is_told(self):
        kept, _ = self.merge(self.files, "7.10", "7.11")
        slowest = self.merged["slowest"]
        self.assertEqual([build["build"] for build in slowest], ["7.10", "7.11"])
        for build in slowest:
            names = [file["name"] for file in build["files"]]
            self.assertEqual((len(names), len(set(names))), (5, 5))
            self.assertLessEqual(set(names), kept)
            times = [file["microseconds"] for file in build["files"]]
            self.assertEqual(times, sorted(times, reverse=True))
            # What is largest has most to read.
            largest = max((name for name in kept), key=lambda name: len(self.files[name]))
            self.assertIn(largest, names)

    def test_files_of_others_are_left_alone(self):
        files = {**self.files, "mine.bin": generate.make("good_mixed"), ".hidden": b"x"}
        corpus = self.folder / "c"
        corpus.mkdir()
        for name, data in files.items():
            (corpus / name).write_bytes(data)
        subprocess.run([str(BUILD / "sluice-fuzz"), "--merge=1", f"--schema={self.folder}/sensor/channel.ksy",
                        f"--rules={self.folder}/sensor/channel.rules.yaml", f"--driver={self.driver}", f"--corpus={corpus}",
                        "--faults=none", "--build=7.10", f"--target={self.folder}/sensor/image/adapter.so",
                        f"--image={self.folder}/sensor/image/x86_64/7.10.sys", "--supplies=1:12,2:8"],
                       check=True, env=self.environment(), cwd=self.folder)
        left = {path.name for path in corpus.iterdir()}
        self.assertLessEqual({"mine.bin", ".hidden"}, left)
        self.assertLess(len(left), len(files))
        self.assertEqual(list((self.folder / "tmp").iterdir()), [])

    def test_more_files_than_are_run_at_once(self):
        """Of many alike few are kept, and the smallest of all."""
        begin, end = self.split(max(self.files.values(), key=len))
        files = named(begin + number.to_bytes(4, "little") + end for number in range(2500))
        kept, reached = self.merge(files, "7.12")
        self.assertIn(min(files), kept)
        self.assertLess(len(kept), 5)
        self.assertEqual(self.merge({name: files[name] for name in kept}, "7.12"), (kept, reached))

    @staticmethod
    def split(content):
        """Around the number of the channel, which no checksum covers."""
        return content[:8], content[12:]

    def test_what_ends_the_target_costs_others_nothing(self):
        """A build that hangs on some is started again, and knows what it came to before: of many alike, among which these
        are run, no more are kept."""
        zoo = self.files_of_zoo()
        circle, straight = zoo.wildcards_in_a_circle().to_bytes(), zoo.wildcards()
        straight.unexplained = bytes(len(circle) - len(straight.to_bytes()))
        begin, end = self.split(straight.to_bytes())
        alike = named(begin + number.to_bytes(4, "little") + end for number in range(20))
        hanging = named([circle])
        self.assertEqual({len(content) for content in (*alike.values(), circle)}, {len(circle)})
        self.assertTrue(min(alike) < min(hanging) < max(alike))
        images = {"7.12": BUILD / "zoo/image/chain_without_end.sys"}
        without = self.merge(alike, "7.12", images=images)
        self.assertEqual(self.merge(hanging, "7.12", images=images), (set(), 0))
        self.assertEqual(self.merge({**alike, **hanging}, "7.12", images=images), without)

    @staticmethod
    def files_of_zoo():
        spec = importlib.util.spec_from_file_location("zoo_content", farming.ROOT / "fuzz/zoo/content.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def test_small_corpora(self):
        """A corpus of one file, of none, and of one that no build reads."""
        for files in ({}, named([b"no channel"]), named([generate.make("good_mixed")])):
            kept, _ = self.merge(files, "7.10")
            self.assertEqual(len(kept), len(files))


if __name__ == "__main__":
    unittest.main()
