"""Keeps the AWS CLI in memory: each connection sends one command line and gets its output.

The real command needs most of a second to start, and a script calls it a dozen times. This runs the very same
code (awscli.clidriver) in a fork for each command, so that tests of scripts take seconds instead of minutes.
A line in: base64 of the words, each ended by NUL. Three lines out: exit code, base64 of stdout, base64 of stderr.
"""

import base64
import os
import signal
import socket
import sys
import tempfile
import threading

import awscli.clidriver

driver = awscli.clidriver.create_clidriver()


def warm_up():
    """One harmless read of each service, so that every child begins with its model loaded."""
    with open(os.devnull, "w") as nothing:
        kept, sys.stdout = sys.stdout, nothing
        driver.main(["sts", "get-caller-identity"])
        driver.main(["iam", "list-policies", "--scope", "Local"])
        sys.stdout = kept


def run(words):
    """Runs one command in a child; its output goes through files, so that it may be of any size."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            code = 255
            try:
                code = driver.main(words)
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 1
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        out.seek(0)
        err.seek(0)
        return os.waitstatus_to_exitcode(status), out.read(), err.read()


def end_with_parent():
    """Standard input ends when whoever started this is gone, however that came about."""
    sys.stdin.buffer.read()
    os._exit(0)


def serve():
    warm_up()
    threading.Thread(target=end_with_parent, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    while True:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as stream:
            words = base64.b64decode(stream.readline()).decode().split("\0")[:-1]
            code, out, err = run(words)
            lines = [str(code).encode(), base64.b64encode(out), base64.b64encode(err), b""]
            try:
                stream.write(b"\n".join(lines))
                stream.flush()
            except OSError:
                pass  # whoever asked is gone


serve()
