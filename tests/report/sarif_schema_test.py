#!/usr/bin/env python3
"""Every SARIF report must be valid by the JSON schema of SARIF 2.1.0, in both profiles, and keep the rules of the
standard that a JSON schema cannot say.

The schema comes from the npm package below (2.1.0-rtm.5: the text of the OASIS standard under its last draft number),
checked by its digest. Where the registry cannot be reached the test says so and is skipped (exit 77).

usage: sarif_schema_test.py WRITE_SAMPLES BUILD_DIR
"""
import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import tarfile

PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
TARBALL = "microsoft-jest-sarif-1.0.0-beta.0.tgz"
SHA512 = "A1fOhPd6Ic5iDk4F9YPw1qNB4XF+7+IviR7xl8r2F6QzQkx5cpY9LsGk2rExiFIEcBbjpVnSmwWGBukASkiQ9A=="
MEMBER = "package/lib/schemas/sarif-2.1.0-rtm.5.json"
SKIPPED = 77


def skip(reason):
    print(f"SKIPPED: SARIF output was not checked against the schema: {reason}")
    sys.exit(SKIPPED)


def fetch(folder):
    tarball = folder / TARBALL
    if not tarball.exists():
        try:
            subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, timeout=60,
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        except FileNotFoundError:
            skip("there is no npm")
        except subprocess.TimeoutExpired:
            skip("the npm registry does not answer")
        except subprocess.CalledProcessError as error:
            skip("npm pack failed: " + error.stderr.decode(errors="replace").strip()[-300:])
    digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if digest != SHA512:
        tarball.unlink()
        sys.exit(f"{TARBALL} has another digest than expected: {digest}")
    with tarfile.open(tarball) as archive:
        return json.load(archive.extractfile(MEMBER))


def broken_rules(report):
    """What 2.1.0 demands and its JSON schema does not."""
    run = report["runs"][0]
    for result in run["results"]:
        if result["kind"] != "fail" and result["level"] != "none":
            yield "3.27.10: level must be none unless kind is fail"
        location = result["locations"][0]["physicalLocation"]
        region = location.get("region", {})
        if "startLine" in region and "byteOffset" in region:
            yield "3.30: a region is of text or of bytes, not both"
        index = location["artifactLocation"].get("index")
        length = run["artifacts"][index].get("length") if index is not None else None
        if length is not None and region.get("byteOffset", 0) + region.get("byteLength", 0) > length:
            yield "3.30.12: the region ends past its artifact"


def main():
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    try:
        import jsonschema
    except ImportError:
        skip("there is no python3-jsonschema")
    validator = jsonschema.Draft4Validator(fetch(folder))
    # Without this a schema that says nothing would pass everything.
    assert list(validator.iter_errors({"version": "2.1.0", "runs": [{"results": []}]})), "the schema accepts anything"

    subprocess.run([sys.argv[1], str(folder / "sarif")], check=True)
    paths = sorted((folder / "sarif").glob("*/*.sarif"))[-100:]  # the sample is the last
    assert len(paths) == 100 and "sample" in str(paths[-1]), paths
    faults = []
    for path in paths:
        report = json.loads(path.read_bytes())
        faults += [f"{path}: {list(error.path)}: {error.message[:200]}" for error in validator.iter_errors(report)]
        faults += [f"{path}: {rule}" for rule in broken_rules(report)]
    print("\n".join(faults[:20]) if faults else f"{len(paths)} SARIF reports are valid")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
