// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Synchronization
import Testing
import Vault

/// Ways to a node that are watched, or bad.
@Suite(.serialized) struct ProxyTests {
    /// A SOCKS server that writes down who asked for what, and whom it asked for.
    private static let witness = """
        import socket, sys, threading
        def pipe(a, b, who=None):
            data = b""
            while True:
                try: part = a.recv(65536)
                except OSError: part = b""
                if who and b"/cases/" in part:
                    print("case", who, part.split(b"/cases/")[1][:64].decode(), flush=True)
                if not part: break
                b.sendall(part)
            try: b.shutdown(socket.SHUT_WR)
            except OSError: pass
        def exact(c, n):
            data = b""
            while len(data) < n: data += c.recv(n - len(data))
            return data
        def serve(c):
            n = exact(c, 2)[1]
            if 2 not in exact(c, n):
                print("no-credential", flush=True); c.close(); return
            c.sendall(b"\\x05\\x02")
            user = exact(c, exact(c, 2)[1]).decode()
            exact(c, exact(c, 1)[0])
            c.sendall(b"\\x01\\x00")
            kind = exact(c, 4)[3]
            name = exact(c, exact(c, 1)[0]) if kind == 3 else exact(c, 4)
            port = int.from_bytes(exact(c, 2), "big")
            print("connect", user, "name" if kind == 3 else "address", flush=True)
            up = socket.create_connection(("127.0.0.1", port))
            c.sendall(b"\\x05\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00")
            threading.Thread(target=pipe, args=(up, c), daemon=True).start()
            pipe(c, up, user)
        listener = socket.create_server(("127.0.0.1", 0))
        print("port", listener.getsockname()[1], flush=True)
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
        """

    @Test func eachCaseGoesByAConnectionAndACredentialOfItsOwn() throws {
        let fixture = try DepositFixture()
        let node = try fixture.startNode()
        try fixture.makeVault("elena")
        try fixture.must(["case", "create", "pozo", "--classic"], home: "elena")
        _ = try fixture.deposit(900, home: "elena")
        _ = try fixture.deposit(900, home: "elena", case: "pozo")
        let url = "http://node.example:\(node.port)"
        try fixture.must(
            ["remote", "add", "node", url, "--log-key", fixture.logKey],
            home: "elena"
        )
        try Data(Self.witness.utf8).write(to: fixture.url("socks.py"))
        let proxy = Process()
        let output = fixture.url("socks.log")
        try Data().write(to: output)
        proxy.executableURL = URL(filePath: "/usr/bin/python3")
        proxy.arguments = [fixture.folder.path("socks.py")]
        proxy.standardOutput = try FileHandle(forWritingTo: output)
        try proxy.run()
        defer {
            kill(proxy.processIdentifier, SIGKILL)
            proxy.waitUntilExit()
        }
        func lines() throws -> [[String]] {
            try String(contentsOf: output, encoding: .utf8).split(separator: "\n")
                .map { $0.split(separator: " ").map(String.init) }
        }
        #expect(try eventually { try lines().contains { $0[0] == "port" } })
        let port = try #require(try lines().first { $0[0] == "port" }?[1])
        try fixture.must(["sync", "--proxy", "socks5h://127.0.0.1:\(port)"], home: "elena")
        let seen = try lines()
        let connects = seen.filter { $0[0] == "connect" }
        // One for the log and one for each case, each under its own name; names unresolved.
        #expect(connects.count == 3, "\(connects)")
        #expect(Set(connects.map { $0[1] }).count == 3)
        #expect(connects.allSatisfy { $0[2] == "name" })
        #expect(!seen.contains { $0[0] == "no-credential" })
        let cases = Dictionary(grouping: seen.filter { $0[0] == "case" }) { $0[1] }
        #expect(cases.count == 2)
        for (_, asked) in cases { #expect(Set(asked.map { $0[2] }).count == 1) }
        let tokens = Set(cases.values.flatMap { $0.map { $0[2] } })
        let known = try fixture.open("elena").cases().map { Hex.encode($0.nodeToken()) }
        #expect(tokens == Set(known))
        // A proxy that would leave names to this machine is refused.
        let local = try fixture.run(
            ["sync", "--proxy", "socks5://127.0.0.1:\(port)"],
            home: "elena"
        )
        #expect(local.code == 2)
        #expect(node.terminate() == 0)
    }

    @Test func aMachineWithoutAResolverReachesANodeThroughMicrosocks() throws {
        let socks = "/usr/bin/microsocks"
        guard FileManager.default.isExecutableFile(atPath: socks) else {
            print("skipped: microsocks is not installed")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil)
            return
        }
        guard Namespaces.areThere() else { return }
        let fixture = try DepositFixture()
        // The person's machine, the proxy's, and the node's.
        let net = try Namespaces(3, in: fixture.folder)
        let hosts = fixture.url("hosts")
        try Data("\(Namespaces.address(2)) node.example\n".utf8).write(to: hosts)
        let node = try fixture.startNode(on: net, 2)
        let proxy = try Self.start(
            net.launcher(1, hosts: hosts) + [socks, "-p", "1080"],
            in: fixture.folder.url
        )
        defer { kill(proxy.processIdentifier, SIGKILL) }
        try fixture.makeVault("elena")
        _ = try fixture.deposit(900, home: "elena")
        try fixture.must(
            ["remote", "add", "node", "https://node.example:8443", "--log-key", fixture.logKey],
            home: "elena"
        )
        func sync(_ more: [String]) throws -> ProgramRun {
            try fixture.run(
                ["sync", "--certificates", fixture.folder.path("cert.pem")] + more,
                home: "elena",
                launcher: net.launcher(0)
            )
        }
        #expect(try sync([]).code == 5)
        let way = ["--proxy", "socks5h://\(Namespaces.address(1)):1080"]
        #expect(try eventually { try sync(way).code == 0 })
        #expect(try sync(way).output.contains("0 item(s) sent"))
        try fixture.must(["verify", "--full"], home: "elena")
        #expect(node.terminate() == 0)
    }

    @Test func aSlowLineThatBreaksSendsLittleTwice() throws {
        guard Namespaces.areThere() else { return }
        let isLong = ProcessInfo.processInfo.environment["RESGUARDO_LONG_TESTS"] != nil
        // 10 KB/s and breaks of 3 s: of 1 MiB every 15 s, where there is time of 5 MiB every 60 s.
        let (pause, size) = isLong ? (60, 5 << 20) : (15, 1 << 20)
        let fixture = try DepositFixture()
        let net = try Namespaces(2, in: fixture.folder)
        let hosts = fixture.url("hosts")
        try Data("\(Namespaces.address(1)) node.example\n".utf8).write(to: hosts)
        let node = try fixture.startNode(on: net, 1)
        try fixture.makeVault("elena")
        let item = try fixture.deposit(size, home: "elena")
        try fixture.must(
            ["remote", "add", "node", "https://node.example:8443", "--log-key", fixture.logKey],
            home: "elena"
        )
        try net.slow(0, kilobytesPerSecond: 10)
        let done = Mutex<ProgramRun?>(nil)
        let sender = Thread {
            let run = try? fixture.run(
                ["sync", "--certificates", fixture.folder.path("cert.pem")],
                home: "elena",
                launcher: net.launcher(0, hosts: hosts)
            )
            done.withLock { $0 = run }
        }
        sender.start()
        var breaks = 0
        while !sender.isFinished {
            for _ in 0..<(pause * 10) where !sender.isFinished { usleep(100_000) }
            guard !sender.isFinished else { break }
            try net.set(0, isUp: false)
            breaks += 1
            sleep(3)
            try net.set(0, isUp: true)
        }
        let run = try #require(done.withLock { $0 })
        #expect(run.code == 0, "\(run.output) \(run.errors)")
        #expect(breaks >= 2)
        let object = try fixture.object(item, home: "elena")
        let stored = try fixture.room().appending(path: "\(item).age")
        #expect(try Array(Data(contentsOf: stored)) == object)
        // Headers of packets and of TLS take 4 %, offer and handshakes 25 KB.
        let sent = try net.sentBytes(0)
        let ratio = Double(sent - 25_000) / Double(object.count) / 1.04
        print("slow line: \(breaks) breaks, \(sent) bytes for \(object.count): \(ratio)")
        #expect(ratio <= 1.1)
        #expect(node.terminate() == 0)
    }

    private static func start(_ words: [String], in folder: URL) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}
