"""Runs a program of tools/ in the lab's environment of pymilvus 2.3.8, which has gRPC and numpy."""
import os
import sys

TOOLS = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
LAB = os.path.abspath(os.environ.get('FLIGHTLOG_LAB') or os.path.join(os.path.dirname(TOOLS), '.lab'))
HOME = os.path.join(LAB, 'milvus-2.3.5')
PYTHON = os.path.join(HOME, 'bin', 'python3')


def enter(program):
    """Begins the program again in that environment, unless it is there already."""
    if os.path.realpath(sys.prefix) == os.path.realpath(HOME):
        return
    if not os.path.exists(PYTHON):
        sys.exit('%s: nothing is installed in %s; run tools/install lab' % (os.path.basename(program), LAB))
    os.execv(PYTHON, [PYTHON, '-B', os.path.realpath(program), *sys.argv[1:]])
