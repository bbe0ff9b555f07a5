"""Starts tools/target-proxy and tells it what to do."""
import json
import os
import subprocess
import sys
import time
import urllib.request

from .environment import TOOLS


class TargetProxy:
    def __init__(self, target, port, folder, trace=None, key='id'):
        self.address = 'http://127.0.0.1:%d' % port
        self.control = 'http://127.0.0.1:%d/' % (port + 1)
        self.trace, self.log = trace, os.path.join(folder, 'proxy.log')
        ready = os.path.join(folder, 'proxy.ready')
        if os.path.exists(ready):
            os.unlink(ready)
        command = [os.path.join(TOOLS, 'target-proxy'), '--listen', '127.0.0.1:%d' % port, '--control', '127.0.0.1:%d' % (port + 1),
                   '--target', target.removeprefix('http://'), '--ready', ready]
        if trace:
            command += ['--trace', trace, '--key', key]
        with open(self.log, 'ab') as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while not os.path.exists(ready):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                with open(self.log, errors='replace') as log:
                    sys.exit('target-proxy does not start:\n' + log.read()[-2000:])
            time.sleep(0.05)

    def command(self, *lines):
        """Gives commands, one a line, and returns what was done so far."""
        request = urllib.request.Request(self.control, data='\n'.join(lines).encode(), method='POST')
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def calls(self):
        """What the trace holds: each call that changed rows."""
        with open(self.trace) as file:
            return [json.loads(line) for line in file if line.endswith('\n')]
