// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A real SMTP server (`aiosmtpd`) and a receiver of webhooks, in a process of its own, with what
/// the world does to messages: it is slow, never answers, redirects, and opens every link.
final class Postbox {
    private static let script = """
        import email, email.policy, http.server, pathlib, re, sys, threading, time, urllib.request
        try:
            from aiosmtpd.controller import Controller
        except ImportError:
            sys.exit(77)
        lock, here = threading.Lock(), pathlib.Path(".")

        def keep(kind, data):
            with lock:
                number = len(list(here.glob(kind + "-*")))
                part = here / f"part-{kind}-{number}"
                part.write_bytes(data)
                part.rename(here / f"{kind}-{number}")

        def scan(text):
            for link in re.findall(r"https?://[^\\s<>\\"]+", text):
                try:
                    urllib.request.urlopen(link, timeout=5).read()
                except OSError:
                    pass
                keep("scan", link.encode())

        class Mail:
            async def handle_DATA(self, server, session, envelope):
                mode = (here / "mode").read_text() if (here / "mode").exists() else "ok"
                if mode == "hole":
                    import asyncio
                    await asyncio.sleep(3600)
                if mode == "refuse":
                    return "451 later"
                if mode == "slow":
                    import asyncio
                    await asyncio.sleep(1)
                keep("mail", envelope.content)
                mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
                scan(mail.as_string() + mail.get_content())
                return "250 taken"

        class Hook(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                keep("post", self.path.encode() + b"\\n" + bytes(self.headers) + b"\\n" + body)
                if self.path == "/hole":
                    time.sleep(3600)
                scan(body.decode())
                self.send_response({"/ok": 200, "/moved": 302}.get(self.path, 500))
                self.send_header("Location", "/ok")
                self.send_header("Content-Length", "0")
                self.end_headers()
            def do_GET(self):
                keep("get", self.path.encode())
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
            def log_message(self, *args):
                pass

        class Port(Controller):
            def _trigger_server(self):
                import socket
                port = self.server.sockets[0].getsockname()[1]
                with socket.create_connection(("127.0.0.1", port), 20) as line:
                    line.recv(100)

        hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=hook.serve_forever, daemon=True).start()
        mail = Port(Mail(), hostname="127.0.0.1", port=0)
        mail.start()
        port = mail.server.sockets[0].getsockname()[1]
        print(port, hook.server_address[1], flush=True)
        threading.Event().wait()
        """

    private let process = Process()
    let folder: URL
    let hookURL: String

    /// Starts it; nil where `aiosmtpd` or `msmtp` is not installed.
    init?(_ place: TestFolder) throws {
        folder = place.url.appending(path: "postbox")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(Self.script.utf8).write(to: folder.appending(path: "postbox.py"))
        let text = try TestPython.start(process, "postbox.py", in: folder)
        let ports = text.split { $0.isWhitespace }.compactMap { Int($0) }
        guard ports.count == 2, FileManager.default.isExecutableFile(atPath: "/usr/bin/msmtp")
        else {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
            TestPython.skip("aiosmtpd or msmtp")
            return nil
        }
        hookURL = "http://127.0.0.1:\(ports[1])"
        let settings = "host 127.0.0.1\nport \(ports[0])\nfrom box@example.org\ntls off\nauth off\n"
        try Data("defaults\naccount default\n\(settings)".utf8)
            .write(to: URL(filePath: settingsPath))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600],
            ofItemAtPath: settingsPath
        )
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private var settingsPath: String { folder.path + "/msmtprc" }

    /// The command that hands mail to it.
    var sendmail: String { "/usr/bin/msmtp -C \(settingsPath)" }

    /// What happens to mail from now on: `ok`, `slow`, `hole` or `refuse`.
    func setMode(_ mode: String) throws {
        try Data(mode.utf8).write(to: folder.appending(path: "mode"))
    }

    /// What came: `mail`, `post`, `get` (somebody looked) or `scan` (a link was found).
    func received(_ kind: String) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasPrefix(kind + "-") }.sorted()
        return try names.map {
            try String(contentsOf: folder.appending(path: $0), encoding: .utf8)
        }
    }
}
