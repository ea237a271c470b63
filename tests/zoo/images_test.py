#!/usr/bin/env python3
"""Each image of the zoo faults on the content that shows its fault, as images.toml says, and on the smallest that does;
their clean twin on none.

    images_test.py SLUICE BUILD_DIR [VARIANT...]
"""
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "corpus" / "channel"), str(ROOT / "fuzz" / "zoo")]
import generate  # noqa: E402
import plant  # noqa: E402
import smallest  # noqa: E402


def zoo_content():
    """fuzz/zoo/content.py: corpus/channel has a module of the same name."""
    spec = importlib.util.spec_from_file_location("zoo_content", ROOT / "fuzz" / "zoo" / "content.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ZOO = zoo_content()


def bytes_of(name):
    if not hasattr(ZOO, name):
        return generate.make(name)
    made = getattr(ZOO, name)()
    return made if isinstance(made, bytes) else made.to_bytes()


def told(sluice, driver, build, file):
    """The names of the faults that running showed, in their order."""
    words = [sluice, "run", str(file), "--driver", str(driver), "--build", build, "--format", "json"]
    ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    if ended.returncode not in (0, 1, 2) or not ended.stdout:
        raise SystemExit(f"{build}: {ended.returncode}: {ended.stderr}")
    (about,) = json.loads(ended.stdout)["files"]
    faults = [finding for finding in about["findings"] if "SL0601" <= finding["id"] <= "SL0621"]
    return [finding["name"] for finding in faults]


def main(words):
    sluice, build_dir, only = words[0], pathlib.Path(words[1]), words[2:]
    driver = build_dir / "zoo" / "zoo.driver.yaml"
    wrong = []
    variants = [v for v in plant.images() if not only or v["name"] in only]
    with tempfile.TemporaryDirectory() as folder:
        for variant in variants:
            contents = {variant["content"]: bytes_of(variant["content"]), "smallest": smallest.bytes_of(variant["name"])}
            for name, content in contents.items():
                file = pathlib.Path(folder) / f"{name}.bin"
                file.write_bytes(content)
                found = told(sluice, driver, variant["name"], file)
                print(f"{variant['name']:30}  {name:40}  {', '.join(found) or 'nothing'}", flush=True)
                if found[:1] != [variant["fault"]]:
                    wrong.append(f"{variant['name']}, {name}: wanted {variant['fault']}, was told "
                                 f"{', '.join(found) or 'nothing'}")
                of_twin = told(sluice, driver, plant.TWIN, file)
                if of_twin:
                    wrong.append(f"{variant['name']}, {name}: of the clean twin was told {', '.join(of_twin)}")
            if len(contents["smallest"]) > len(contents[variant["content"]]):
                wrong.append(f"{variant['name']}: the smallest is larger than {variant['content']}")
    print("\n".join(wrong) or f"{len(variants)} images, each with its fault")
    return 1 if wrong or not variants else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
