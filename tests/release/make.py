"""Makes the data folder again that the tests of `tests/it/release.rs` open: three calls through a release's own program.

    python3 tests/release/make.py PROGRAM MODELS

PROGRAM is the release's `keicho`, MODELS a folder with its model `base`. The calls are heard through a PulseAudio server
that this script starts for itself, and led through the overlay's socket as a page leads them. It takes four minutes.
Afterwards `KEICHO_RELEASE=PROGRAM cargo test --test it release::` has the release say what it reads in the folder.

The days of the calls are those on which the script runs.
"""

import base64
import gzip
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent
DEADLINE_S = 120

# A monologue is told sooner than in a real call, so that a nudge is in the journal.
CONFIG = """\
[nudges]
monologue_s = [10, 20, 40]
pause_ms = 250

[keep]
days = 3650
"""


class SoundServer:
    """Two null sinks, one of which stands for the microphone."""

    def __init__(self, folder):
        runtime = folder / "pulse"
        runtime.mkdir()
        self.socket = runtime / "native"
        self.env = os.environ | {
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "PULSE_RUNTIME_PATH": str(runtime),
            "PULSE_SERVER": f"unix:{self.socket}",
            "PULSE_STATE_PATH": str(runtime),
            "XDG_CONFIG_HOME": str(runtime),
            "XDG_RUNTIME_DIR": str(folder),
        }
        for name in ["KEICHO_AUDIO", "KEICHO_MODELS", "PULSE_COOKIE", "RUST_LOG"]:
            self.env.pop(name, None)
        protocol = f"module-native-protocol-unix auth-anonymous=1 socket={self.socket}"
        flags = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"]
        flags += ["--realtime=no", "--high-priority=no", "--log-level=error", "-L", protocol]
        self.program = subprocess.Popen(["pulseaudio", *flags], env=self.env)
        wait("the sound server answers", lambda: self.ctl("info", check=False))
        self.ctl("load-module", "module-null-sink", "sink_name=call_out", "rate=48000", "channels=2")
        self.ctl("load-module", "module-null-sink", "sink_name=mic_pipe", "rate=48000", "channels=1")
        self.ctl("load-module", "module-remap-source", "source_name=mic", "master=mic_pipe.monitor")
        # A call with two channels comes out as its two sides.
        self.ctl("load-module", "module-null-sink", "sink_name=both", "rate=48000", "channels=2")
        for side, sink in [("left", "mic_pipe"), ("right", "call_out")]:
            channels = ["channels=1", f"master_channel_map=front-{side}", "channel_map=mono"]
            self.ctl("load-module", "module-remap-source", f"source_name={side}", "master=both.monitor", *channels)
            self.ctl("load-module", "module-loopback", f"source={side}", f"sink={sink}", "latency_msec=50")
        self.ctl("set-default-sink", "call_out")
        self.ctl("set-default-source", "mic")

    def ctl(self, *words, check=True):
        return subprocess.run(["pactl", *words], env=self.env, check=check, capture_output=not check).returncode == 0

    def play(self, sink, file):
        command = ["paplay", "--latency-msec=20", f"--device={sink}", TESTS / file]
        return subprocess.Popen(command, env=self.env)

    def say(self, *files):
        """One after the other: the manager's voice, then the far end's."""
        for file, sink in zip(files, ["mic_pipe", "call_out"]):
            if self.play(sink, file).wait() != 0:
                sys.exit(f"{file} was not played")


class Page:
    """A page that leads a call."""

    def __init__(self, overlay):
        site, token = overlay.split("/#token=")
        host = site.removeprefix("http://")
        self.socket = socket.create_connection(host.split(":"), timeout=DEADLINE_S)
        self.bytes = self.socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            "GET /ws HTTP/1.1", f"Host: {host}", f"Origin: {site}", "Connection: Upgrade", "Upgrade: websocket",
            "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}",
        ]  # fmt: skip
        self.socket.sendall("".join(line + "\r\n" for line in [*lines, ""]).encode())
        if b" 101 " not in self.bytes.readline():
            sys.exit("the overlay did not open its socket")
        while self.bytes.readline().strip():
            pass
        self.send(type="hello", protocol=1, token=token, last_seq=0, asks=True)

    def send(self, **message):
        payload = json.dumps(message).encode()
        mask = os.urandom(4)
        head = bytes([0x81, 0x80 | min(len(payload), 126)])
        if len(payload) > 125:
            head += struct.pack(">H", len(payload))
        self.socket.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)))

    def command(self, name, **fields):
        self.send(type="command", command=name, **fields)

    def until(self, kind, is_so):
        """The next message of a kind that is so."""
        end, message = time.monotonic() + DEADLINE_S, None
        while time.monotonic() < end:
            message = self.receive()
            if message["type"] == "refused":
                sys.exit(f"refused: {message}")
            if message["type"] == kind and is_so(message):
                return message
        sys.exit(f"a {kind} never came to be as it should; the last message was {message}")

    def receive(self):
        while True:
            first, second = self.bytes.read(2)
            length = second & 0x7F
            if length > 125:
                form = ">H" if length == 126 else ">Q"
                (length,) = struct.unpack(form, self.bytes.read(struct.calcsize(form)))
            payload = self.bytes.read(length)
            if first & 0x0F == 1:
                return json.loads(payload)


class Call:
    """A call that is prepared on its page and has begun."""

    def __init__(self, server, program, data, models, words, **prepared):
        env = server.env | {"KEICHO_CONFIG": data.parent / "config.toml", "KEICHO_DATA": data}
        env["KEICHO_MODELS"] = models or "none"
        command = [program, "live", "--port", "0", "--no-open", "--prepare", *words]
        self.program = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        line = self.program.stdout.readline()
        if not line.startswith("overlay: "):
            sys.exit("there is no overlay")
        self.page = Page(line.removeprefix("overlay: ").strip())
        card = prepared.pop("card", None)
        self.page.command("prepare", **prepared)
        self.page.until("desk", lambda desk: desk["with"] == prepared["with"])
        if card:
            self.page.command("card", **card)
            self.page.until("desk", lambda desk: any(person["card"] for person in desk["people"]))
        self.page.command("begin")
        self.until(lambda snapshot: snapshot["state"] == "live")

    def command(self, name, **fields):
        self.page.command(name, **fields)

    def until(self, is_so):
        return self.page.until("snapshot", is_so)

    def agenda(self):
        """The numbers of its items."""
        return [item["id"] for item in self.until(lambda snapshot: snapshot["agenda"])["agenda"]]

    def quiet(self):
        """Waits until nobody has spoken for longer than any buffer."""
        self.until(lambda snapshot: snapshot["silence_ms"] > 3_500)

    def end(self, perceived):
        self.command("stop")
        self.page.until("desk", lambda desk: desk["after"] and desk["after"]["asked"])
        self.command("perceived", share=perceived)
        self.page.until("desk", lambda desk: desk["after"]["perceived"] == perceived)
        self.command("done")
        if self.program.wait(DEADLINE_S) != 0:
            sys.exit("the call did not end well")


def wait(what, is_so):
    end = time.monotonic() + DEADLINE_S
    while not is_so():
        if time.monotonic() > end:
            sys.exit(f"it never came to be that {what}")
        time.sleep(0.05)


def main(program, models):
    with tempfile.TemporaryDirectory(prefix="keicho-release-") as folder:
        folder = Path(folder)
        (folder / "config.toml").write_text(CONFIG)
        server = SoundServer(folder)
        try:
            hold_calls(server, program, folder / "data", models)
        finally:
            server.program.kill()
            server.program.wait()
        target = HERE / "data"
        shutil.rmtree(target, ignore_errors=True)
        # The index beside the log is made again by whoever opens the file; pages are made again from the events.
        shutil.copytree(folder / "data", target, ignore=shutil.ignore_patterns("*-shm", "*.html"))
        for file in [target / "keicho.db", target / "keicho.db-wal"]:
            (target / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))
            file.unlink()
        (target / "folder.txt").write_text(f"{folder / 'data'}\n")
        env = server.env | {"KEICHO_CONFIG": folder / "config.toml"}
        settings = subprocess.run([program, "config", "show"], env=env, check=True, capture_output=True)
        (HERE / "config.toml").write_bytes(settings.stdout)


def hold_calls(server, program, data, models):
    # In Japanese, led through all that a page offers; its words are kept.
    call = Call(
        server, program, data, models, ["--transcript", "--lang", "ja"],
        **{"with": "里中 Satonaka", "mode": "coaching", "target": 0.4, "icebreaker_min": 0},
        agenda=["来期の目標", "休暇の予定", "研修の申し込み"],
        card={"points": ["conclusion_first", "time_to_think"], "note": "水曜の午後は避けたい"},
    )  # fmt: skip
    server.say("words/ja_me.flac", "words/ja_them.flac")
    call.quiet()
    items = call.agenda()
    call.command("agenda_set", id=items[0], state="done")
    call.command("agenda_set", id=items[2], state="dropped")
    call.command("check_in", score=4, words="よく眠れた")
    talk = server.play("mic_pipe", "pool/ja_b.flac")
    call.until(lambda snapshot: snapshot["nudge"])
    call.command("dismiss")
    call.until(lambda snapshot: not snapshot["nudge"])
    call.command("snooze", minutes=5)
    call.until(lambda snapshot: snapshot["quiet"]["snoozed_until_ms"])
    call.command("mute_kind", kind="pace")
    call.until(lambda snapshot: snapshot["quiet"]["muted_kinds"])
    stop(talk)
    server.say("words/ja_me.flac", "words/ja_them.flac")
    call.quiet()
    call.end(0.45)

    # In English, without words: a stretch off the record, the sample call, a pause, a muted microphone.
    call = Call(server, program, data, None, [], **{"with": "Kim", "mode": "listening", "agenda": ["Budget"]})
    server.say("words/en_me.flac", "words/en_them.flac")
    call.command("off_record")
    call.until(lambda snapshot: snapshot["state"] == "off_record")
    call.command("on_record")
    call.until(lambda snapshot: snapshot["state"] == "live")
    server.play("both", "sample_call/call.flac").wait()
    call.quiet()
    call.command("pause")
    call.until(lambda snapshot: snapshot["state"] == "paused")
    call.command("resume")
    call.until(lambda snapshot: snapshot["state"] == "live")
    call.command("mute")
    call.until(lambda snapshot: snapshot["muted"])
    call.command("unmute")
    call.until(lambda snapshot: not snapshot["muted"])
    call.end(None)

    # With the first one again, and cut off amid a turn.
    call = Call(server, program, data, None, [], **{"with": "里中 Satonaka", "mode": "feedback", "agenda": ["引き継ぎ"]})
    server.say("words/ja_me.flac", "words/ja_them.flac")
    call.command("check_in", score=2, words="寝不足")
    talk = server.play("mic_pipe", "pool/ja_a.flac")
    since = call.until(lambda snapshot: snapshot["floor"] == "me")["now_ms"]
    call.until(lambda snapshot: snapshot["now_ms"] > since + 12_000 and snapshot["floor"] == "me")
    call.program.kill()
    call.program.wait()
    stop(talk)


def stop(*players):
    for player in players:
        player.kill()
        player.wait()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*(Path(argument).resolve() for argument in sys.argv[1:]))
