// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Outside
import Storage
import Synchronization
import Testing
import TransparencyLog

/// Nodes whose log and deposits are in a bucket: real processes, and a real service.
@Suite(.serialized) struct S3NodeTests {
    private struct Stage {
        let service: S3Service
        let fixture: DepositFixture
        let options: [String]

        init?() throws {
            let folder = try TestFolder()
            guard let service = try S3Service(folder) else { return nil }
            self.service = service
            options = service.options()
            fixture = try DepositFixture(folder: folder, options: options)
        }

        func startNode(_ more: [String] = [], home: String = "node") throws -> ServerProcess {
            try fixture.startNode(options + more, home: home)
        }

        /// A second machine with the same keys, and with nothing else.
        func makeOther(_ home: String) throws {
            let files = FileManager.default
            let vault = fixture.url("\(home)/node-vault")
            try files.createDirectory(at: vault, withIntermediateDirectories: true)
            for name in ["key", "invitation-key", "policy"] {
                try files.copyItem(
                    at: fixture.url("node/node-vault/\(name)"),
                    to: vault.appending(path: name)
                )
            }
        }

        var policy: LogPolicy {
            get throws {
                try LogPolicy(
                    parsing: Array(
                        Data(contentsOf: fixture.url("node/node-vault/policy"))
                    )
                )
            }
        }

        func audit(_ node: ServerProcess) throws {
            let run = try ProgramRun(
                [
                    "log", "audit", node.url + "/vault", "--policy",
                    fixture.folder.path("node/node-vault/policy"), "--home",
                    fixture.folder.path("auditor"),
                ],
                in: fixture.folder.url
            )
            #expect(run.code == 0, "\(run.errors)\(run.output)")
        }
    }

    @Test func vaultsTradeThroughANodeInABucket() throws {
        guard let stage = try Stage() else { return }
        let fixture = stage.fixture
        var node = try stage.startNode()
        try fixture.makeVault("elena")
        // Two parts of an object, and one that is less than a piece.
        let large = try fixture.deposit(9 << 20, home: "elena")
        let small = try fixture.deposit(1000, home: "elena")
        try fixture.addRemote(node, home: "elena")
        try fixture.must(["sync"], home: "elena")
        // Receipts come with the checkpoint.
        _ = try eventually {
            try fixture.must(["sync"], home: "elena")
            return try receipts("elena", fixture).count == 2
        }
        for receipt in try receipts("elena", fixture) {
            try fixture.must(
                ["receipt", "verify", receipt, "--log-key", fixture.logKey],
                home: "elena"
            )
        }
        try fixture.must(["replica", "challenge", "--pieces", "5"], home: "elena")
        try stage.audit(node)
        try look(stage, [large, small])
        // Nothing of it is on the node's disk, so another machine goes on with it.
        let uploads = fixture.url("node/node-vault/deposits/uploads")
        for name in try FileManager.default.contentsOfDirectory(atPath: uploads.path) {
            let data = uploads.appending(path: "\(name)/data").path
            #expect(!FileManager.default.fileExists(atPath: data))
        }
        #expect(node.terminate() == 0)
        try stage.makeOther("other")
        node = try stage.startNode(home: "other")
        try fixture.must(["remote", "remove", "node"], home: "elena")
        try fixture.addRemote(node, home: "elena", name: "again")
        let third = try fixture.deposit(2000, home: "elena")
        try fixture.must(["sync"], home: "elena")
        try fixture.must(["replica", "challenge"], home: "elena")
        try stage.audit(node)
        try look(stage, [large, small, third])
        #expect(node.terminate() == 0)
    }

    private func receipts(_ home: String, _ fixture: DepositFixture) throws -> [String] {
        let folder = fixture.url("\(home)/remotes/node/receipts")
        return (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
            .map { folder.appending(path: $0).path } ?? []
    }

    /// What is in the bucket, as its operator sees it.
    private func look(_ stage: Stage, _ items: [String]) throws {
        let keys = try stage.service.keys()
        #expect(keys.allSatisfy { $0.hasPrefix("nodes/one/") })
        for item in items { #expect(keys.contains { $0.contains("\(item).age.00000") }) }
        for key in keys {
            let head = try stage.service.look("HEAD", "/" + key)
            let isKept = key.contains("/tile/") || key.contains(items[0])
            let isFree = ["/head", "/checkpoint", "/index", "/list"].contains { key.hasSuffix($0) }
            if isKept {
                #expect(head.headers["x-amz-object-lock-mode"] == "COMPLIANCE", "\(key)")
            }
            if isFree { #expect(head.headers["x-amz-object-lock-mode"] == nil, "\(key)") }
        }
        // The bucket's folder is a log that anybody may serve as it is.
        let note = try stage.service.look("GET", "/nodes/one/vault/checkpoint").body
        let checkpoint = try SignedNote(parsing: note)
        #expect(throws: Never.self) {
            try Checkpoint.open(checkpoint, log: NoteVerifier(parsing: stage.fixture.logKey))
        }
    }

    // MARK: Two processes

    private final class Receipts: Sendable {
        private let all = Mutex<[(entry: [UInt8], proof: TlogProof)]>([])
        func add(_ entry: [UInt8], _ proof: TlogProof) {
            all.withLock { $0.append((entry, proof)) }
        }
        var list: [(entry: [UInt8], proof: TlogProof)] { all.withLock { $0 } }
    }

    /// Appends until the node is gone or all is done.
    private func append(_ socket: String, _ name: String, _ count: Int, _ receipts: Receipts) {
        let client = HTTPClient(route: .init(socket: socket))
        for number in 0..<count {
            let entry = Array("\(name) \(number)".utf8)
            let request = HTTPClient.Request(
                url: "http://node/vault/append",
                body: entry,
                countMax: TlogProof.countMax,
                timeoutMilliseconds: 30_000
            )
            guard let answer = try? client.send(request), answer.status == 200,
                let proof = try? TlogProof(parsing: answer.body)
            else { return }
            receipts.add(entry, proof)
        }
    }

    private func start(_ works: [@Sendable () -> Void]) -> DispatchGroup {
        let group = DispatchGroup()
        for work in works {
            group.enter()
            Thread.detachNewThread {
                work()
                group.leave()
            }
        }
        return group
    }

    /// Holds the log in the bucket to all receipts that were ever given.
    private func check(_ stage: Stage, _ receipts: Receipts, _ node: ServerProcess) throws {
        try stage.audit(node)
        let client = HTTPClient()
        let note = try client.send(
            .init(url: node.url + "/vault/checkpoint", countMax: 1 << 20, timeoutMilliseconds: 9999)
        )
        let checkpoint = try Checkpoint(parsing: SignedNote(parsing: note.body).text)
        let log = try FetchedLog(
            note: SignedNote(parsing: note.body),
            size: checkpoint.size,
            fetch: { [url = node.url] path, countMax in
                let answer = try client.send(
                    .init(
                        url: "\(url)/vault/\(path)",
                        countMax: countMax,
                        timeoutMilliseconds: 9999
                    )
                )
                return answer.status == 200 ? answer.body : nil
            }
        ).reader()
        #expect(!receipts.list.isEmpty)
        for (entry, proof) in receipts.list {
            let seen = try proof.verify(leaf: .leaf(entry), policy: stage.policy).checkpoint
            #expect(seen.size <= log.size)
            #expect(try log.root(size: seen.size) == seen.root)
            #expect(try log.leafHash(at: proof.index) == .leaf(entry))
        }
    }

    @Test func ofTwoNodesOnOneBucketTheLaterOneGoesOn() throws {
        guard let stage = try Stage() else { return }
        try stage.makeOther("other")
        let receipts = Receipts()
        let sockets = ["one.sock", "two.sock"].map { stage.fixture.folder.path($0) }
        let first = try stage.startNode(["--append-socket", sockets[0]])
        #expect(eventually { FileManager.default.fileExists(atPath: sockets[0]) })
        let load = start(
            (0..<4).map { thread in
                { self.append(sockets[0], "first \(thread)", 1000, receipts) }
            }
        )
        #expect(eventually { receipts.list.count > 10 })
        let second = try stage.startNode(["--append-socket", sockets[1]], home: "other")
        #expect(eventually { FileManager.default.fileExists(atPath: sockets[1]) })
        append(sockets[1], "second", 5, receipts)
        first.waitUntilExit()
        load.wait()
        #expect(first.exitCode == 4)
        #expect(try first.log().contains("another process took the log over"))
        try check(stage, receipts, second)
        // One that has nothing to append finds out by itself.
        let third = try stage.startNode()
        second.waitUntilExit()
        #expect(second.exitCode == 4)
        try check(stage, receipts, third)
        #expect(third.terminate() == 0)
    }

    @Test func whatHadAReceiptIsThereAfterKillsUnderLoad() throws {
        guard let stage = try Stage() else { return }
        let receipts = Receipts()
        let socket = stage.fixture.folder.path("append.sock")
        for round in 0..<5 {
            try? FileManager.default.removeItem(atPath: socket)
            let before = receipts.list.count
            let node = try stage.startNode(["--append-socket", socket])
            #expect(eventually { FileManager.default.fileExists(atPath: socket) })
            let load = start(
                (0..<6).map { thread in
                    { self.append(socket, "\(round) \(thread)", 1000, receipts) }
                }
            )
            #expect(eventually { receipts.list.count > before + 7 * round })
            node.kill()
            load.wait()
        }
        let node = try stage.startNode()
        try check(stage, receipts, node)
        #expect(node.terminate() == 0)
    }

    @Test func anObjectThatTheNodeForgotGetsItsReceiptWhenItIsOfferedAgain() throws {
        guard let stage = try Stage() else { return }
        try NodeReceiptTests.forget(stage.fixture, stage.options)
    }

    @Test func aServiceThatIsAwayDelaysAndLosesNothing() throws {
        guard let stage = try Stage() else { return }
        let fixture = stage.fixture
        let receipts = Receipts()
        let socket = fixture.folder.path("append.sock")
        let node = try stage.startNode(["--append-socket", socket])
        try fixture.makeVault("elena")
        let item = try fixture.deposit(9 << 20, home: "elena")
        try fixture.addRemote(node, home: "elena")
        let load = start([{ self.append(socket, "x", 60, receipts) }])
        let sync = start([{ _ = try? fixture.run(["sync"], home: "elena") }])
        for _ in 0..<3 {
            #expect(eventually { receipts.list.count > 0 })
            stage.service.stall { Thread.sleep(forTimeInterval: 2) }
            Thread.sleep(forTimeInterval: 0.3)
        }
        load.wait()
        sync.wait()
        #expect(receipts.list.count == 60)
        try check(stage, receipts, node)
        _ = try eventually {
            try fixture.must(["sync"], home: "elena")
            return try self.receipts("elena", fixture).count == 1
        }
        #expect(try self.receipts("elena", fixture).contains { $0.contains(item) })
        try fixture.must(["replica", "challenge", "--pieces", "4"], home: "elena")
        #expect(node.terminate() == 0)
    }

    @Test func aBucketWithoutObjectLockIsRefusedForIt() throws {
        guard let stage = try Stage() else { return }
        var options = stage.options
        let made = try HTTPClient().send(bucket("plain", stage))
        #expect(made.status == 200)
        options[1] = "s3://plain"
        let run = try ProgramRun(
            ["serve", "--init", "x", "--home", stage.fixture.folder.path("fresh")] + options,
            in: stage.fixture.folder.url
        )
        #expect(run.code == 4)
        #expect(run.errors.contains("the bucket has no Object Lock"))
        let other = try ProgramRun(
            ["serve", "--init", "x", "--home", stage.fixture.folder.path("fresh2")] + stage.options,
            in: stage.fixture.folder.url
        )
        #expect(other.code == 4, "there is a log already: \(other.errors)")
    }

    private func bucket(_ name: String, _ stage: Stage) -> HTTPClient.Request {
        var request = HTTPClient.Request(
            url: "\(stage.service.endpoint)/\(name)",
            body: [],
            countMax: 1 << 16,
            timeoutMilliseconds: 9999
        )
        request.method = "PUT"
        request.headers = ["X-Test: look", "Authorization: AWS x:y"]
        return request
    }
}
