"""Importing any module has no effect."""

import json
import subprocess
import sys

from tests.house.tree import ROOT, modules

# Run in a process of its own: every door to the world outside is watched while the whole house is imported.
PROBE = """
import importlib, json, sys, threading

effects = []
WATCHED = {
    "os.mkdir", "os.remove", "os.rename", "os.system", "os.exec", "os.fork", "os.putenv", "shutil.rmtree",
    "socket.bind", "socket.connect", "socket.getaddrinfo", "sqlite3.connect", "subprocess.Popen",
}

def watch(event, arguments):
    if event in WATCHED:
        effects.append(f"{module}: {event} {arguments!r:.200}")
    elif event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        effects.append(f"{module}: writes {arguments[0]!r}")

module = ""
sys.addaudithook(watch)
for module in json.loads(sys.argv[1]):
    importlib.import_module(module)
    if threading.active_count() > 1:
        effects.append(f"{module}: starts a thread")
        break
    running = sys.modules.get("asyncio.events")
    if running is not None and getattr(running._event_loop_policy, "_local", None) is not None:
        if running._event_loop_policy._local._loop is not None:
            effects.append(f"{module}: makes an event loop")
            break
print(json.dumps(effects))
"""


def test_importing_any_module_has_no_effect() -> None:
    names = [path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path, _ in modules()]
    ran = subprocess.run(
        [sys.executable, "-B", "-c", PROBE, json.dumps(names)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    assert json.loads(ran.stdout) == []
