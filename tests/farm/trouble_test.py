#!/usr/bin/env python3
"""What goes wrong around a farm: each has a line that says so, and the right exit code.

    trouble_test.py SLUICE BUILD_DIR [TEST...]

Most campaigns here are told what to say (farming.FAKE_FUZZ).
"""
import resource
import shutil
import signal
import sqlite3
import unittest

import farming
from farming import FAKE_FUZZ, NO_VERDICT, PASS

SLUICE, BUILD = farming.arguments()


class TroubleTest(farming.Farming):
    sluice, build = SLUICE, BUILD

    def fake(self, program="", expect=PASS, words=(), **options):
        path = self.folder / "fake-fuzz"
        path.write_text(FAKE_FUZZ)
        path.chmod(0o755)
        return self.farm(*words, expect=expect, environment={"SLUICE_FUZZ": str(path), "FAKE": program}, **options)

    def test_nothing_goes_wrong(self):
        self.write_farm("7.10", "7.12", turns=3, runs=100)
        night = self.fake()
        self.assertEqual(night.summary["told"], [])
        self.assertEqual([(lane["turns"], lane["executions"]) for lane in night.summary["lanes"]], [(3, 300), (3, 300)])

    def test_a_lane_that_keeps_dying_is_left_out_and_the_others_go_on(self):
        self.write_farm("7.10", "7.12", turns=2, runs=100)
        night = self.fake("if words['build'] == '7.12': sys.exit('a bad day')", expect=NO_VERDICT)
        self.assertEqual(night.lane("7.10")["turns"], 2)
        lane = night.lane("7.12")
        self.assertEqual((lane["turns"], lane["failed_turns"]), (0, 3))
        self.assertIn("a bad day", lane["problem"])
        self.assertIn("it has failed three times in a row and is left out", night.err)
        self.assertTrue(night.out.rstrip().splitlines()[-1].startswith("NO VERDICT"))

    def test_what_dies_once_is_started_again(self):
        self.write_farm("7.10", turns=3, runs=100)
        night = self.fake("if not os.path.exists('died'): open('died', 'w'); os.kill(os.getpid(), 9)")
        lane = night.lane("7.10")
        self.assertEqual((lane["turns"], lane["failed_turns"]), (3, 1))
        self.assertIn("sensor 7.10: sluice-fuzz ended with signal 9 and no summary: : it is started again", night.summary["told"])

    def test_no_program_to_start(self):
        self.write_farm("7.10", turns=1, runs=100)
        night = self.farm(expect=NO_VERDICT, environment={"SLUICE_FUZZ": "/nonexistent"})
        self.assertIn("No such file", night.err)

    def test_lanes_that_learn_nothing(self):
        for change, told in (("summary['faulted'] = summary['executions']", "every input faults"),
                             ("summary['accepted'] = 0", "the driver has accepted no content"),
                             ("summary['blocks'] = {}", "no coverage is seen")):
            self.write_farm("7.10", turns=1, runs=100)
            night = self.fake(change)
            self.assertEqual(len(night.summary["told"]), 1)
            self.assertIn(told, night.summary["told"][0])
            shutil.rmtree(self.folder / "farm")

    def test_a_driver_that_is_not_there(self):
        name = self.write_farm("7.10", turns=1, runs=100)
        document = self.folder / name
        document.write_text(document.read_text().replace('"targets": [', '').replace(
            "targets: [", 'targets: [{"name": "gone", "driver": "gone.driver.yaml"}, '))
        night = self.fake(expect=NO_VERDICT)
        self.assertEqual(night.lane("7.10")["turns"], 1)
        self.assertIn("gone.driver.yaml", night.summary["told"][0])
        (self.folder / "sensor/image/x86_64/7.10.sys").unlink()
        night = self.fake(expect=NO_VERDICT)
        self.assertIn("there is no image", night.lane("7.10")["problem"])

    def test_a_corpus_that_is_deleted(self):
        self.write_farm("7.10", turns=3, runs=100)
        night = self.fake("import shutil; shutil.rmtree(words['corpus'])")
        self.assertIn("is not there any more: it is begun again", night.summary["told"][0])
        self.assertEqual(night.lane("7.10")["turns"], 3)
        # And in earnest, while it is written to.
        shutil.rmtree(self.folder / "farm")
        self.write_farm("7.10", turns=2, runs=1500)
        path = self.folder / "deletes"
        path.write_text("#!/bin/sh\ncase \"$*\" in *--merge*) exec \"$REAL\" \"$@\";; esac\n"
                        "for word in \"$@\"; do case $word in --corpus=*) corpus=${word#--corpus=};; esac; done\n"
                        "if [ ! -e deleted ]; then : > deleted; (sleep 0.7; rm -rf \"$corpus\") & fi\nexec \"$REAL\" \"$@\"\n")
        path.chmod(0o755)
        night = self.farm(expect=PASS, environment={"SLUICE_FUZZ": str(path), "REAL": str(BUILD / "sluice-fuzz")})
        self.assertEqual(night.lane("7.10")["turns"], 2)

    def test_a_state_of_a_newer_sluice(self):
        self.write_farm("7.10", turns=1, runs=100)
        self.fake()
        path = self.folder / "farm/state/w.sqlite"
        with sqlite3.connect(path) as state:
            state.execute("PRAGMA user_version = 3")
        state.close()
        before = path.read_bytes()
        night = self.fake(expect=NO_VERDICT)
        self.assertIn("is of version 3, and this sluice knows version 2", night.err)
        self.assertEqual(path.read_bytes(), before)
        self.assertIsNone(night.summary)
        path.write_bytes(before[:5000])
        self.assertIn("is damaged", self.fake(expect=NO_VERDICT).err)

    def test_a_disk_that_is_full(self):
        """A file that may not grow stands for it. The next start goes on with the night."""
        dark = ("summary['operators'] = [{'expressible': 900, 'executed': 0, 'dark': [{'text': 'operator %d %s' % (i, 'x' * 40)}"
                " for i in range(900)]}]")
        self.write_farm("7.10", turns=2, runs=100)

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, 70_000))

        night = self.fake(dark, expect=NO_VERDICT, preexec_fn=limit)
        self.assertIn("cannot be written to", night.err)
        self.assertIn("the next start goes on", night.err)
        night = self.fake(dark)
        self.assertEqual(night.summary["night"]["number"], 1)
        self.assertEqual(night.lane("7.10")["turns"], 2)
        self.assertEqual(len(night.summary["dark"]), 900)

    def test_a_clock_that_is_set_back(self):
        """Nights are counted, and what is measured goes by a clock that nobody sets."""
        self.write_farm("7.10", turns=1, runs=100)
        self.fake()
        with sqlite3.connect(self.folder / "farm/state/w.sqlite") as state:
            state.execute("UPDATE nights SET begun = begun + 100000000")
        state.close()
        night = self.fake()
        self.assertEqual(night.summary["night"]["number"], 2)
        self.assertLess(night.summary["night"]["milliseconds"], 60_000)

    def test_a_summary_that_cannot_be_written(self):
        self.write_farm("7.10", turns=1, runs=100)
        (self.folder / "there").mkdir()
        night = self.fake("", expect=NO_VERDICT, words=("--summary", "there"))
        self.assertIn("cannot write there", night.err)


if __name__ == "__main__":
    unittest.main()
