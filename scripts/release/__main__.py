"""Everything that a release consists of, in one folder: binary, image, bill of materials, checksums.

python3 scripts/release --binary .build/static/release/tallygate --output build/release
"""

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import image
import sbom

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--binary", required=True)
parser.add_argument("--output", required=True)
arguments = parser.parse_args()

folder = Path(arguments.output)
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
version = image.version(arguments.binary)
name = f"tallygate-{version}-linux-{image.architecture()}"

binary = image.stripped(arguments.binary)
(folder / name).write_bytes(binary)
(folder / name).chmod(0o755)
image.assemble(arguments.binary, folder / "layout")
image.archive(folder / "layout", folder / f"{name}.oci.tar")
shutil.rmtree(folder / "layout")
(folder / f"{name}.cdx.json").write_text(json.dumps(sbom.bill(version, binary), indent=2) + "\n")
sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.iterdir())]
(folder / "SHA256SUMS").write_text("".join(sums))
print("".join(sums), end="")
