"""Runs MiniStack until standard input closes, so that it does not outlive a test run that was killed."""
import os
import runpy
import shutil
import signal
import sys
import threading


def end_with_parent():
    sys.stdin.buffer.read()
    # Its folder, which whoever stops it in order removes himself.
    if os.path.basename(os.getcwd()).startswith("convoke-emulator-"):
        shutil.rmtree(os.getcwd(), ignore_errors=True)
    # The whole group: its Lambda workers are processes of their own.
    if hasattr(os, "killpg"):
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
sys.argv = ["ministack"]
runpy.run_module("ministack", run_name="__main__", alter_sys=True)
