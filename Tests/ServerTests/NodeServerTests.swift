// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outside
import Storage
import Testing
import TransparencyLog

/// The real node: what it serves, to whom, and what it refuses.
@Suite(.serialized) struct NodeServerTests {
    @Test func servesTilesAsTheyAreWithTheRightHeaders() throws {
        let fixture = try NodeFixture()
        let log = try fixture.create()
        _ = try log.append(NodeFixture.entries(0..<300), time: 1)
        let node = try fixture.startNode(
            try fixture.writePolicy([], threshold: 0),
            ["--log", "sealed=\(fixture.directory)"]
        )
        #expect(try eventually { try node.get("/log/checkpoint").status == 200 })
        let checkpoint = try node.get("/log/checkpoint")
        #expect(checkpoint.body == log.reader.note.encoded)
        #expect(checkpoint.mediaType == "text/plain; charset=utf-8")
        for path in ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000"] {
            let tile = try node.get("/log/\(path)")
            let file = try Data(contentsOf: URL(filePath: "\(fixture.directory)/\(path)"))
            #expect(tile.body == Array(file), "\(path)")
            #expect(tile.mediaType == "application/octet-stream")
        }
        // Entries of a log that was not called public stay inside.
        #expect(try eventually { try node.get("/sealed/checkpoint").status == 200 })
        #expect(try node.get("/sealed/tile/0/000").status == 200)
        #expect(try node.get("/sealed/tile/entries/000").status == 404)
        let raw = try RawConnection(port: node.port)
        raw.send("HEAD /log/tile/0/000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        let head = raw.readToEnd().lowercased()
        #expect(head.contains("cache-control: public, max-age=31536000, immutable"))
        #expect(head.contains("content-length: 8192") && head.hasSuffix("\r\n\r\n"))
        #expect(node.terminate() == 0)
        #expect(
            Set(try node.log().split(separator: "\n").map(event)) == [
                "listening", "stopped",
            ]
        )
    }

    /// The event of a line of the log; the line tells the date, and nothing finer.
    private func event(_ line: Substring) -> String {
        let value = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect((value?["date"] as? String)?.count == 10)
        #expect(!line.contains("127.0.0.1") && !line.contains("tile"))
        return value?["event"] as? String ?? "no event: \(line)"
    }

    @Test func pathTricksLeadNowhere() throws {
        let fixture = try NodeFixture()
        let log = try fixture.create()
        _ = try log.append(NodeFixture.entries(0..<3), time: 1)
        let node = try fixture.startNode(try fixture.writePolicy([], threshold: 0))
        #expect(try eventually { try node.get("/log/checkpoint").status == 200 })
        let paths = [
            "/log/lock", "/log/checkpoint.tmp", "/log/../policy", "/log/..%2fpolicy",
            "/log//checkpoint",
            "//log/checkpoint", "/log/./checkpoint", "/log/tile/0/../../lock", "/log/tile/0/000",
            "/log/tile/0/000.p/4", "/log/tile/0/000.p/03", "/log/tile/0/000.p/3/",
            "/log/tile/00/000.p/3",
            "/log/tile/0/x000/000.p/3", "/log/tile/64/000", "/log/tile/-1/000",
            "/log/tile/entries/001",
            "/log/tile/0/x999/x999/x999/x999/x999/x999/999", "/log/tile/0/000.p/3%00", "/log",
            "/log/",
            "/LOG/checkpoint", "/log/tile/0/000.p/3.tmp",
        ]
        for path in paths {
            let status = try RawConnection.status("GET \(path) HTTP/1.1", port: node.port)
            #expect(status == 404 || status == 400, "\(path): \(String(describing: status))")
        }
        #expect(try node.get("/log/tile/0/000.p/3").status == 200)
    }

    @Test func slowAndGreedyClientsDoNotKeepOthersOut() throws {
        let fixture = try NodeFixture()
        _ = try fixture.create()
        let node = try fixture.startNode(try fixture.writePolicy([], threshold: 0))
        let slow = try (0..<80).map { _ in try RawConnection(port: node.port) }
        for connection in slow { connection.send("GET /health HTTP/1.1\r\nX-Drip: a") }
        #expect(try eventually { try node.get("/health").status == 200 })
        for connection in slow { connection.send("b") }
        #expect(try node.get("/log/checkpoint").status == 200)
        let wide = try RawConnection(port: node.port)
        wide.send(
            "GET /health HTTP/1.1\r\nX: " + String(repeating: "a", count: 40_000) + "\r\n\r\n"
        )
        #expect(wide.readToEnd().hasPrefix("HTTP/1.1 4"))
        let many = try RawConnection(port: node.port)
        many.send("GET /health HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 100) + "\r\n")
        #expect(many.readToEnd().hasPrefix("HTTP/1.1 4"))
    }

    @Test func listensOnASocketAndWithTLS() throws {
        let fixture = try NodeFixture()
        _ = try fixture.create()
        let policy = try fixture.writePolicy([], threshold: 0)
        let socket = fixture.folder.path("s")
        let node = try fixture.startNode(policy, home: "a", ["--listen", "unix:\(socket)"])
        let client = HTTPClient(route: .init(socket: socket))
        let request = HTTPClient.Request(
            url: "http://node/log/checkpoint",
            countMax: 1 << 20,
            timeoutMilliseconds: 30_000
        )
        #expect(try eventually { try client.send(request).status == 200 })
        #expect(node.terminate() == 0)
        let made = Process()
        made.executableURL = URL(filePath: "/usr/bin/openssl")
        made.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", fixture.folder.path("key.pem"), "-out", fixture.folder.path("cert.pem"),
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        ]
        made.standardError = FileHandle.nullDevice
        try made.run()
        made.waitUntilExit()
        let secure = try fixture.startNode(
            policy,
            home: "b",
            [
                "--tls-certificate", fixture.folder.path("cert.pem"),
                "--tls-key", fixture.folder.path("key.pem"),
            ]
        )
        let trusting = HTTPClient(route: .init(certificates: fixture.folder.path("cert.pem")))
        let url = "https://localhost:\(secure.port)/log/checkpoint"
        let asked = HTTPClient.Request(url: url, countMax: 1 << 20, timeoutMilliseconds: 30_000)
        #expect(try eventually { try trusting.send(asked).status == 200 })
        #expect(throws: HTTPClient.Failure.notTrusted) { try HTTPClient().send(asked) }
    }

    @Test func refusesPlainHTTPToTheWorld() throws {
        let fixture = try NodeFixture()
        _ = try fixture.create()
        let policy = try fixture.writePolicy([], threshold: 0)
        let run = try ProgramRun(
            [
                "serve", "--log", "log=\(fixture.directory)", "--policy", policy,
                "--listen", "0.0.0.0:0", "--home", fixture.folder.path("node"),
            ],
            in: fixture.folder.url
        )
        #expect(run.code == 2)
        #expect(run.errors.contains("plain HTTP"))
    }

    @Test func readsAConfigurationFile() throws {
        let fixture = try NodeFixture()
        _ = try fixture.create()
        let policy = try fixture.writePolicy([], threshold: 0)
        let lines =
            "# a node\nlisten 127.0.0.1:0\npublic-log log=\(fixture.directory)\npolicy \(policy)\n"
        let file = fixture.folder.path("node.conf")
        try Data(lines.utf8).write(to: URL(filePath: file))
        let node = try ServerProcess(
            ["serve", "--config", file, "--home", fixture.folder.path("node")],
            in: fixture.folder.url
        )
        #expect(try eventually { try node.get("/log/checkpoint").status == 200 })
        try Data("listen 127.0.0.1:0\nlisen x\n".utf8).write(to: URL(filePath: file))
        let run = try ProgramRun(["serve", "--config", file], in: fixture.folder.url)
        #expect(run.code == 2 && run.errors.contains("line 2"))
    }
}
