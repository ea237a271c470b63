"""Large corpora of small channel files."""
import hashlib
import shutil
import struct
import subprocess

AT = 8  # the number of the channel's version, which the checksum does not cover
ALIKE = 500  # different contents; the rest are these with other numbers


def write(folder, count, place):
    """As campaigns leave them, named by their hashes. How long a file is on average."""
    made = place.folder / "contents"
    if not made.exists():
        subprocess.run([place.sluice, "generate", "--schema", place.sensor / "channel.ksy", "--rules",
                        place.sensor / "channel.rules.yaml", "--driver", place.driver, "--count", str(min(ALIKE, count)),
                        "--max-size", "1024", "--out", made], check=True, stdout=subprocess.DEVNULL)
    contents = [bytearray(path.read_bytes()) for path in sorted(made.iterdir())]
    folder.mkdir()
    total = 0
    for number in range(count):
        data = contents[number % len(contents)]
        struct.pack_into("<I", data, AT, number)
        (folder / hashlib.sha256(data).hexdigest()).write_bytes(data)
        total += len(data)
    return total // count


def remove(folder):
    shutil.rmtree(folder)
