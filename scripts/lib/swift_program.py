"""Runs one of Swift's programs with the configuration of a folder: swift_program.py FOLDER PROGRAM.

Left to itself all of them read /etc/swift/swift.conf, of which a machine has one, and nodes in namespaces of one machine
would want three.
"""

import os
import runpy
import sys

from swift.common import utils

folder, program = sys.argv[1:]
utils.set_swift_dir(folder)
configuration = os.path.join(folder, program.split("-")[0] + "-server.conf")
sys.argv = [os.path.join(os.path.dirname(sys.executable), "swift-" + program), configuration]
runpy.run_path(sys.argv[0], run_name="__main__")
