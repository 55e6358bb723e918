// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Outside
import Statements
import Storage
import Synchronization
import Testing
import TransparencyLog
import Vault

/// What goes wrong with a real node, its disk and its clients: nothing is lost that had a receipt.
@Suite(.serialized) struct NodeFaultTests {
    // MARK: SIGKILL

    @Test func whatHasAReceiptSurvivesSIGKILLUnderUploads() throws {
        let fixture = try DepositFixture()
        try fixture.makeVault("elena")
        let items = try (0..<14).map {
            try fixture.deposit($0 % 3 == 0 ? 1_200_000 : 40_000, home: "elena")
        }
        let offers = try Offers(fixture, "elena", items)
        var node = try fixture.startNode()
        let address = node.address
        var receipts: [String: [UInt8]] = [:]
        var random = SplitMix(seed: 4)
        for round in 0..<40 {
            let (victim, delay) = (
                node.processIdentifier, UInt32.random(in: 0...90_000, using: &random)
            )
            let killer = Thread {
                usleep(delay)
                kill(victim, SIGKILL)
            }
            if round < 8 { killer.start() }
            offers.upload(to: node.url)
            if round >= 8 {
                if try offers.receipts(node.url).count == items.count { break }
                usleep(50_000)
                continue
            }
            node.waitUntilExit()
            node = try fixture.startNode(["--listen", address])
            // What was ever shown stays.
            let now = try offers.receipts(node.url)
            for (item, bytes) in receipts { #expect(now[item] == bytes, "round \(round)") }
            receipts = now
        }
        receipts = try offers.receipts(node.url)
        #expect(Set(receipts.keys) == Set(items))
        #expect(node.terminate() == 0)
        let key = try NoteVerifier(parsing: fixture.logKey)
        let log = try TiledLogReader(
            directory: fixture.folder.path("node/node-vault/log"),
            log: key
        )
        // Once each, whatever happened in between.
        #expect(log.size == UInt64(items.count) + 1)
        for item in items {
            let receipt = try Receipt(parsing: try #require(receipts[item]))
            _ = try receipt.verify(log: key)
            #expect(
                try log.leafHashes(receipt.proof.index..<(receipt.proof.index + 1)) == [
                    receipt.leaf
                ]
            )
            let stored = try fixture.room().appending(path: "\(item).age")
            #expect(try Array(Data(contentsOf: stored)) == fixture.object(item, home: "elena"))
        }
    }

    /// The items of a vault, which several threads offer to a node again and again.
    private struct Offers: Sendable {
        let item: Case
        let parts: [DepositOffer.Parts]
        let objects: [[UInt8]]

        init(_ fixture: DepositFixture, _ home: String, _ items: [String]) throws {
            let vault = try fixture.open(home)
            let item = try #require(try vault.cases().first)
            parts = try items.indices.map { try vault.offer(of: UInt64($0), in: item) }
            objects = try parts.map { try fixture.object($0.name, home: home) }
            self.item = item
        }

        private var token: String { Hex.encode(item.nodeToken()) }

        /// Uploads everything, as far as the node lives.
        func upload(to url: String) {
            let next = Mutex(0)
            let workers = (0..<6).map { _ in
                Thread {
                    while case let number = next.withLock({ next in
                        defer { next += 1 }
                        return next
                    }), number < parts.count {
                        do {
                            try upload(number, to: url)
                        } catch {
                            // The node is gone, which is the point.
                            return
                        }
                    }
                }
            }
            for worker in workers { worker.start() }
            for worker in workers { while !worker.isFinished { usleep(2000) } }
        }

        private func upload(_ number: Int, to url: String) throws {
            let client = HTTPClient()
            func ask(
                _ path: String,
                _ method: String,
                _ body: [UInt8]?,
                _ headers: [String]
            ) throws
                -> HTTPClient.Response
            {
                var request = HTTPClient.Request(
                    url: url + path,
                    body: body,
                    countMax: 1 << 20,
                    timeoutMilliseconds: 30_000
                )
                request.method = method
                request.headers = ["Tus-Resumable: 1.0.0"] + headers
                return try client.send(request)
            }
            let text = try ask("/nonce", "POST", [], []).body.prefix { $0 != 0x0a }
            let nonce = try Hex.decode(String(decoding: text, as: UTF8.self))
            let offer = try DepositOffer(
                parts[number],
                of: item,
                node: "node.example/vault",
                nonce: nonce
            )
            let begun = try ask(
                "/cases/\(token)/uploads",
                "POST",
                offer.bytes,
                ["Upload-Length: \(objects[number].count)"]
            )
            guard begun.status == 201, let path = begun.headers["location"] else { return }
            _ = try ask(
                path,
                "PATCH",
                objects[number],
                ["Upload-Offset: 0", "Content-Type: application/offset+octet-stream"]
            )
        }

        /// The receipts that the node shows.
        func receipts(_ url: String) throws -> [String: [UInt8]] {
            let client = HTTPClient()
            var found: [String: [UInt8]] = [:]
            for part in parts {
                let response = try client.send(
                    .init(
                        url: "\(url)/cases/\(token)/\(part.name).receipt",
                        countMax: 1 << 20,
                        timeoutMilliseconds: 30_000
                    )
                )
                if response.status == 200 { found[part.name] = response.body }
            }
            return found
        }
    }

    // MARK: Disk

    @Test func aFullDiskIsSaidAndNothingIsLost() throws {
        let fixture = try DepositFixture()
        try fixture.makeVault("elena")
        let manager = FileManager.default
        // A disk of its own, which goes with the process that sees it.
        let made = fixture.folder.path("made")
        try manager.moveItem(atPath: fixture.folder.path("node"), toPath: made)
        let mount = "mkdir node && mount -t tmpfs -o size=8m none node && cp -a made/. node/"
        guard (try? Self.shell("unshare -m true")) == 0 else {
            print("skipped: no mount namespaces for this user")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil)
            return
        }
        let node = try ServerProcess(
            ["serve", "--home", fixture.folder.path("node"), "--heartbeat", "0"],
            in: fixture.folder.url,
            launcher: ["unshare", "-m", "sh", "-c", mount + " && exec \"$0\" \"$@\""]
        )
        let seen = "/proc/\(node.processIdentifier)/root" + fixture.folder.path("node")
        try fixture.addRemote(node, home: "elena")
        let first = try fixture.deposit(1_000_000, home: "elena")
        try fixture.must(["sync"], home: "elena")
        // All that is left is taken by somebody else.
        let ballast = seen + "/ballast"
        #expect(try Self.shell("cat /dev/zero > \(ballast) 2> /dev/null || true") == 0)
        let second = try fixture.deposit(1_500_000, home: "elena")
        let full = try fixture.run(["sync"], home: "elena")
        #expect(full.code == 4 && full.output.contains("disk is full"), "\(full.output)")
        // Room for a part of it: what arrived stays, and the rest follows.
        #expect(try Self.shell("truncate -s -700K \(ballast)") == 0)
        #expect(try fixture.run(["sync"], home: "elena").code == 4)
        #expect(try node.get("/vault/checkpoint").status == 200)
        #expect(try Self.shell("rm \(ballast)") == 0)
        try fixture.must(["sync"], home: "elena")
        try fixture.must(["replica", "challenge", "--pieces", "4"], home: "elena")
        for item in [first, second] {
            let kept = fixture.folder.path("elena/remotes/node/receipts/\(item).receipt")
            try fixture.must(
                ["receipt", "verify", kept, "--log-key", fixture.logKey],
                home: "elena"
            )
        }
        #expect(node.terminate() == 0)
    }

    private static func shell(_ command: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    // MARK: Clock

    @Test func aClockThatJumpsTakesNothingAway() throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/faketime") else {
            print("skipped: faketime is not installed")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil)
            return
        }
        let fixture = try DepositFixture()
        try fixture.makeVault("elena")
        var address = "127.0.0.1:0"
        func isFree() throws -> Bool {
            try Self.shell("flock -n \(fixture.folder.path("node/node-vault/log/lock")) true") == 0
        }
        func start(_ days: String) throws -> ServerProcess {
            let node = try ServerProcess(
                [
                    "serve", "--home", fixture.folder.path("node"), "--heartbeat", "1",
                    "--listen", address,
                ],
                in: fixture.folder.url,
                launcher: ServerProcess.clock(days.isEmpty ? "" : days + "d")
            )
            address = node.address
            return node
        }
        var node = try start("")
        try fixture.addRemote(node, home: "elena")
        var items = [try fixture.deposit(900, home: "elena")]
        try fixture.must(["sync"], home: "elena")
        // An upload that is open while the clock jumps beyond its end.
        items.append(try fixture.deposit(900, home: "elena"))
        let open = try RawUpload(try fixture.open("elena"), node, entry: 1)
        for days in ["+400", "-400", ""] {
            node.kill()
            // Until the server has followed.
            #expect(try eventually { try isFree() })
            node = try start(days)
            #expect(try eventually { try node.get("/health").status == 200 })
            if days == "+400" {
                let moved = RawUpload(open.path, node)
                #expect(try moved.send("HEAD", nil, []).status == 404)
            }
            try fixture.must(["sync"], home: "elena")
            items.append(try fixture.deposit(900, home: "elena"))
            try fixture.must(["sync"], home: "elena")
        }
        try fixture.must(["replica", "challenge"], home: "elena")
        let audit = try fixture.must(
            [
                "log", "audit", node.url + "/vault", "--log-key", fixture.logKey,
            ],
            home: "reader"
        )
        #expect(audit.contains("right"))
        for item in items {
            let kept = fixture.folder.path("elena/remotes/node/receipts/\(item).receipt")
            try fixture.must(
                ["receipt", "verify", kept, "--log-key", fixture.logKey],
                home: "elena"
            )
        }
        #expect(node.terminate() == 0)
    }

    // MARK: Clients

    @Test func tenThousandBadSignaturesChangeNothing() throws {
        let fixture = try DepositFixture()
        try fixture.makeVault("elena")
        _ = try fixture.deposit(900, home: "elena")
        let node = try fixture.startNode()
        let home = try fixture.open("elena")
        let item = try #require(try home.cases().first)
        let parts = try home.offer(of: 0, in: item)
        let text = try node.post("/nonce", []).body.prefix { $0 != 0x0a }
        let nonce = try Hex.decode(String(decoding: text, as: UTF8.self))
        let offer = try DepositOffer(parts, of: item, node: "node.example/vault", nonce: nonce)
        let right = offer.bytes
        // A digit of a signature: everything else is in order, and the nonce stays good.
        let mark = Array("\"sig\":\"".utf8)
        let place =
            try #require(
                (0..<(right.count - mark.count)).first {
                    right[$0..<($0 + mark.count)].elementsEqual(mark)
                }
            ) + mark.count
        let url = node.url + "/cases/\(Hex.encode(item.nodeToken()))/uploads"
        let refused = Mutex(0)
        let workers = (0..<8).map { number in
            Thread {
                let client = HTTPClient()
                for round in 0..<1250 {
                    var wrong = right
                    let digit = place + (round * 8 + number) % 80
                    wrong[digit] = wrong[digit] == 0x41 ? 0x42 : 0x41
                    var request = HTTPClient.Request(
                        url: url,
                        body: wrong,
                        countMax: 1000,
                        timeoutMilliseconds: 60_000
                    )
                    request.headers = [
                        "Tus-Resumable: 1.0.0", "Upload-Length: \(parts.deposit.sizeBytes)",
                    ]
                    guard let status = try? client.send(request).status else { return }
                    if (400...403).contains(status) { refused.withLock { $0 += 1 } }
                }
            }
        }
        for worker in workers { worker.start() }
        for worker in workers { while !worker.isFinished { usleep(2000) } }
        #expect(refused.withLock { $0 } == 10_000)
        let cases = fixture.folder.path("node/node-vault/deposits/cases")
        #expect(try FileManager.default.contentsOfDirectory(atPath: cases).isEmpty)
        #expect(try node.residentBytes() < 200 << 20)
        try fixture.addRemote(node, home: "elena")
        try fixture.must(["sync"], home: "elena")
        #expect(node.terminate() == 0)
    }

    @Test func bodiesAreWhatTheirHeadersSayOrNothing() throws {
        let fixture = try DepositFixture()
        try fixture.makeVault("elena")
        let item = try fixture.deposit(5000, home: "elena")
        let object = try fixture.object(item, home: "elena")
        let node = try fixture.startNode()
        let upload = try RawUpload(try fixture.open("elena"), node)
        let patch =
            "PATCH \(upload.path) HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\n"
            + "Content-Type: application/offset+octet-stream\r\nUpload-Offset: "
        func answer(_ head: String, _ body: [UInt8], closing: Bool = true) throws -> String {
            let connection = try RawConnection(port: node.port)
            connection.send(head + (closing ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n"))
            connection.send(body)
            return connection.readToEnd()
        }
        // More than announced: what is announced counts, and the rest is no request.
        let ten = try answer(patch + "0\r\nContent-Length: 10", Array(object.prefix(500)))
        #expect(ten.hasPrefix("HTTP/1.1 204"), "\(ten.prefix(200))")
        #expect(try upload.offset() == 10)
        // Announced by no number, by two, twice, or in two ways.
        for header in [
            "Content-Length: -5", "Content-Length: 5x", "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: nonsense",
        ] {
            let text = try answer(patch + "10\r\n" + header, Array(object[10..<15]))
            #expect(text.hasPrefix("HTTP/1.1 4"), "\(header): \(text.prefix(60))")
        }
        #expect(try upload.offset() == 10)
        // In chunks, more than the object has; and a chunk longer than anything.
        let rest = Array(object[10...]) + [1, 2, 3]
        let chunk =
            Array("\(String(rest.count, radix: 16))\r\n".utf8) + rest + Array("\r\n0\r\n\r\n".utf8)
        let long = try answer(patch + "10\r\nTransfer-Encoding: chunked", chunk)
        #expect(long.hasPrefix("HTTP/1.1 413"), "\(long.prefix(60))")
        let huge = Array("ffffffffffffffffff\r\n".utf8) + rest
        let broken = try answer(patch + "10\r\nTransfer-Encoding: chunked", huge)
        #expect(!broken.hasPrefix("HTTP/1.1 2"), "\(broken.prefix(60))")
        // An offer that announces a terabyte is refused before any of it is read.
        let token = Hex.encode([UInt8](repeating: 3, count: 32))
        let offer =
            "POST /cases/\(token)/uploads HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\n"
            + "Upload-Length: 1\r\nContent-Length: 1099511627776"
        #expect(try answer(offer, []).hasPrefix("HTTP/1.1 413"))
        // The upload is as good as before.
        let here = try #require(try upload.offset())
        #expect(try upload.append(Array(object[here...]), at: here).status == 204)
        #expect(node.terminate() == 0)
    }

    @Test func clientsThatDripKeepNobodyOut() throws {
        let fixture = try DepositFixture()
        try fixture.makeVault("elena")
        _ = try fixture.deposit(400_000, home: "elena")
        let node = try fixture.startNode()
        let upload = try RawUpload(try fixture.open("elena"), node)
        // Heads that never end, and bodies of which a byte comes now and then.
        let heads = try (0..<200).map { _ in try RawConnection(port: node.port) }
        for each in heads { each.send("GET /health HTTP/1.1\r\nX-Drip: a") }
        let bodies = try (0..<100).map { _ in try RawConnection(port: node.port) }
        for each in bodies {
            each.send(
                "PATCH \(upload.path) HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\n"
                    + "Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\n"
                    + "Content-Length: 400000\r\n\r\n"
            )
        }
        try fixture.addRemote(node, home: "elena")
        for round in 0..<16 {
            for each in heads + bodies { each.send([UInt8(ascii: "a")]) }
            if round == 2 { try fixture.must(["sync"], home: "elena") }
            sleep(1)
        }
        // A head has to be there within 15 seconds, however it comes.
        #expect(try eventually { try node.connectionCount() <= 110 })
        #expect(try node.residentBytes() < 200 << 20)
        #expect(node.terminate() == 0)
    }
}

/// Random numbers that are the same in each run.
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
